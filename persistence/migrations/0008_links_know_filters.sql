-- A link knows the account and the name of its stream, so that filters of group, account and name meet in one index (0010 makes it):
-- the links of a group of 500,000 say which of them have no name, and the 500,000 streams that have none need not be read beside.
-- The database keeps them right by itself, whichever version writes: the version before leaves them out of what it inserts, and
-- does not know that a redefinition changes them.

ALTER TABLE stream_groups ADD COLUMN account_id uuid, ADD COLUMN name text;

CREATE FUNCTION link_as_its_stream() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE stream_groups k SET account_id = s.account_id, name = s.name
	FROM streams s
	WHERE s.stream_id = NEW.stream_id AND k.stream_id = NEW.stream_id AND k.group_id = NEW.group_id;
	RETURN NULL;
END $$;

CREATE TRIGGER stream_groups_inserted AFTER INSERT ON stream_groups
	FOR EACH ROW WHEN (NEW.name IS NULL) EXECUTE FUNCTION link_as_its_stream();

-- Who is just linking the stream holds a lock that this one waits for, so that the link is seen by the next function; who comes
-- later waits for this one, and reads the new name.
CREATE FUNCTION lock_out_linkers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM FROM streams WHERE stream_id = NEW.stream_id FOR UPDATE;
	RETURN NEW;
END $$;

CREATE TRIGGER streams_being_redefined BEFORE UPDATE OF account_id, name ON streams
	FOR EACH ROW WHEN ((OLD.account_id, OLD.name) IS DISTINCT FROM (NEW.account_id, NEW.name))
	EXECUTE FUNCTION lock_out_linkers();

CREATE FUNCTION links_as_their_stream() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE stream_groups SET account_id = NEW.account_id, name = NEW.name WHERE stream_id = NEW.stream_id;
	RETURN NULL;
END $$;

CREATE TRIGGER streams_redefined AFTER UPDATE OF account_id, name ON streams
	FOR EACH ROW WHEN ((OLD.account_id, OLD.name) IS DISTINCT FROM (NEW.account_id, NEW.name))
	EXECUTE FUNCTION links_as_their_stream();

-- Those that 0009 fills in; 0010 removes it.
CREATE INDEX stream_groups_unknown ON stream_groups (stream_id) WHERE name IS NULL;
