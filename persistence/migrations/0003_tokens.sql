-- Who may use the service. A token and a session are 256 random bits each: of both only the SHA-256 hash is kept, and a
-- slow hash would protect nothing that can be guessed.

CREATE TABLE tokens (
	token_id    uuid PRIMARY KEY,
	-- The beginning of the token's text, by which people tell tokens apart.
	prefix      text NOT NULL,
	hash        bytea NOT NULL UNIQUE,
	name        text NOT NULL,
	role        text NOT NULL CHECK (role IN ('viewer', 'operator', 'agent', 'admin')),
	-- Null: all of them. An empty list: none.
	accounts    uuid[],
	groups      text[],
	create_time timestamptz NOT NULL,
	expire_time timestamptz,
	-- Written now and then, not with every request.
	use_time    timestamptz,
	revoke_time timestamptz
);

CREATE INDEX tokens_order ON tokens (create_time, token_id);

-- Browsers that are logged in.
CREATE TABLE sessions (
	hash        bytea PRIMARY KEY,
	-- Whose it is: all of one subject end together.
	subject     text NOT NULL,
	-- The token that it was opened with: what becomes of that one becomes of the session.
	token_id    uuid,
	-- Of a session that was opened with a JWT.
	name        text,
	role        text CHECK (role IN ('viewer', 'operator', 'agent', 'admin')),
	accounts    uuid[],
	groups      text[],
	create_time timestamptz NOT NULL,
	expire_time timestamptz NOT NULL,
	CHECK ((token_id IS NULL) = (role IS NOT NULL AND name IS NOT NULL))
);

CREATE INDEX sessions_subject ON sessions (subject);
CREATE INDEX sessions_expiry ON sessions (expire_time);
