-- What all the migrations together make, for reading and for review: a change of the schema shows here.
-- After a new migration: npx vitest run tests/persistence/schema.test.ts -u

CREATE TABLE audit (
	audit_time timestamp with time zone NOT NULL,
	record_number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
	action text NOT NULL,
	stream_id uuid,
	group_id uuid,
	status smallint NOT NULL,
	error_code integer NOT NULL,
	subject text NOT NULL,
	name text NOT NULL,
	role text,
	token_prefix text,
	address text NOT NULL,
	request_id text NOT NULL,
	details json NOT NULL,
	PRIMARY KEY (audit_time, record_number)
);
CREATE INDEX audit_actions ON public.audit USING btree (action, audit_time, record_number);
CREATE INDEX audit_groups ON public.audit USING btree (group_id, audit_time, record_number) WHERE (group_id IS NOT NULL);
CREATE INDEX audit_names ON public.audit USING btree (name, action, audit_time, record_number) WHERE (subject <> 'anonymous'::text);
CREATE INDEX audit_streams ON public.audit USING btree (stream_id, audit_time, record_number) WHERE (stream_id IS NOT NULL);
CREATE INDEX audit_subjects ON public.audit USING btree (subject, action, audit_time, record_number);

CREATE TABLE console_views (
	view_id uuid NOT NULL,
	create_time timestamp with time zone NOT NULL,
	name text NOT NULL,
	place text NOT NULL,
	query text NOT NULL,
	scope text NOT NULL DEFAULT ''::text,
	PRIMARY KEY (view_id),
	UNIQUE (scope, place, name)
);

CREATE TABLE groups (
	group_id uuid NOT NULL,
	number bigint NOT NULL DEFAULT nextval('group_number'::regclass),
	create_time timestamp with time zone NOT NULL,
	account_id uuid NOT NULL,
	group_name text NOT NULL,
	description text NOT NULL,
	PRIMARY KEY (group_id),
	UNIQUE (group_name)
);
CREATE INDEX groups_account ON public.groups USING btree (account_id, create_time, number);
CREATE INDEX groups_order ON public.groups USING btree (create_time, number);

CREATE TABLE migrations (
	number integer NOT NULL,
	name text NOT NULL,
	needs integer NOT NULL,
	applied_time timestamp with time zone NOT NULL DEFAULT now(),
	PRIMARY KEY (number)
);

CREATE TABLE sessions (
	hash bytea NOT NULL,
	subject text NOT NULL,
	token_id uuid,
	name text,
	role text,
	accounts uuid[],
	groups text[],
	create_time timestamp with time zone NOT NULL,
	expire_time timestamp with time zone NOT NULL,
	CHECK (((token_id IS NULL) = ((role IS NOT NULL) AND (name IS NOT NULL)))),
	CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'agent'::text, 'admin'::text]))),
	PRIMARY KEY (hash)
);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expire_time);
CREATE INDEX sessions_subject ON public.sessions USING btree (subject);

CREATE TABLE stream_groups (
	stream_id uuid NOT NULL,
	group_id uuid NOT NULL,
	create_time timestamp with time zone NOT NULL,
	number bigint NOT NULL,
	account_id uuid,
	name text,
	PRIMARY KEY (stream_id, group_id)
);
CREATE INDEX stream_groups_order ON public.stream_groups USING btree (group_id, create_time, number) INCLUDE (stream_id, account_id, name);

CREATE TABLE stream_logs (
	record_number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
	stream_id uuid NOT NULL,
	account_id uuid NOT NULL,
	log_time timestamp with time zone NOT NULL,
	status text NOT NULL,
	version integer NOT NULL,
	error json,
	video_info json,
	preview json,
	PRIMARY KEY (record_number)
);
CREATE INDEX stream_logs_account ON public.stream_logs USING btree (account_id, log_time, record_number);
CREATE INDEX stream_logs_account_rare ON public.stream_logs USING btree (account_id, status, log_time, record_number) WHERE (status <> ALL (ARRAY['pending'::text, 'in_progress'::text]));
CREATE INDEX stream_logs_order ON public.stream_logs USING btree (log_time, record_number);
CREATE INDEX stream_logs_rare ON public.stream_logs USING btree (status, log_time, record_number) WHERE (status <> ALL (ARRAY['pending'::text, 'in_progress'::text]));
CREATE INDEX stream_logs_stream ON public.stream_logs USING btree (stream_id, log_time, record_number) INCLUDE (status);

CREATE TABLE stream_states (
	stream_id uuid NOT NULL,
	number bigint NOT NULL,
	create_time timestamp with time zone NOT NULL,
	status text NOT NULL,
	version integer NOT NULL DEFAULT 1,
	revision bigint NOT NULL DEFAULT 1,
	run bigint NOT NULL DEFAULT 0,
	agent_id text,
	feedback_time timestamp with time zone,
	first_feedback_time timestamp with time zone,
	restart smallint NOT NULL,
	attempt_count integer NOT NULL,
	delay integer NOT NULL,
	current_attempt integer NOT NULL DEFAULT 0,
	last_attempt_time timestamp with time zone,
	autorestart_status text NOT NULL,
	restart_time timestamp with time zone,
	lost_count integer NOT NULL DEFAULT 0,
	takeable_time timestamp with time zone,
	last_error json,
	video_info json,
	preview json,
	shard smallint NOT NULL GENERATED ALWAYS AS (get_byte(uuid_send(stream_id), 0)) STORED,
	CHECK ((autorestart_status = ANY (ARRAY['disabled'::text, 'enabled'::text, 'in_progress'::text, 'failed'::text, 'denied'::text]))),
	CHECK ((restart = ANY (ARRAY[0, 1]))),
	CHECK ((status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'done'::text, 'pause'::text, 'cancel'::text, 'failure'::text]))),
	PRIMARY KEY (stream_id)
) WITH (fillfactor=70);
CREATE INDEX stream_states_due ON public.stream_states USING btree (restart_time) WHERE (restart_time IS NOT NULL);
CREATE INDEX stream_states_held ON public.stream_states USING btree (takeable_time) WHERE (takeable_time IS NOT NULL);
CREATE INDEX stream_states_live ON public.stream_states USING btree (shard) WHERE (status = 'in_progress'::text);
CREATE INDEX stream_states_status ON public.stream_states USING btree (status, create_time, number);

CREATE TABLE streams (
	stream_id uuid NOT NULL,
	number bigint NOT NULL,
	create_time timestamp with time zone NOT NULL,
	account_id uuid NOT NULL,
	name text NOT NULL,
	description text NOT NULL,
	reference text NOT NULL,
	data_type text NOT NULL,
	data json NOT NULL,
	event_handler json NOT NULL,
	policies json NOT NULL,
	location json NOT NULL,
	PRIMARY KEY (stream_id)
);
CREATE INDEX streams_account ON public.streams USING btree (account_id, create_time, number) INCLUDE (name);
CREATE INDEX streams_name ON public.streams USING btree (name, create_time, number) INCLUDE (account_id);
CREATE INDEX streams_order ON public.streams USING btree (create_time, number);
CREATE INDEX streams_reference ON public.streams USING btree (reference, create_time, number) INCLUDE (account_id, name);

CREATE TABLE supervision (
	only_one boolean NOT NULL DEFAULT true,
	seen_time timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
	grace_time timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
	grace_spent double precision NOT NULL DEFAULT 0,
	CHECK (only_one),
	PRIMARY KEY (only_one)
);

CREATE TABLE tokens (
	token_id uuid NOT NULL,
	prefix text NOT NULL,
	hash bytea NOT NULL,
	name text NOT NULL,
	role text NOT NULL,
	accounts uuid[],
	groups text[],
	create_time timestamp with time zone NOT NULL,
	expire_time timestamp with time zone,
	use_time timestamp with time zone,
	revoke_time timestamp with time zone,
	CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'agent'::text, 'admin'::text]))),
	PRIMARY KEY (token_id),
	UNIQUE (hash)
);
CREATE INDEX tokens_order ON public.tokens USING btree (create_time, token_id);

CREATE SEQUENCE audit_record_number_seq AS bigint START 1 INCREMENT 1 CACHE 1;
CREATE SEQUENCE group_number AS bigint START 1 INCREMENT 1 CACHE 1;
CREATE SEQUENCE stream_logs_record_number_seq AS bigint START 1 INCREMENT 1 CACHE 1;
CREATE SEQUENCE stream_number AS bigint START 1 INCREMENT 1 CACHE 1;

-- also: function link_as_its_stream
-- also: function links_as_their_stream
-- also: function lock_out_linkers
-- also: trigger stream_groups_inserted
-- also: trigger streams_being_redefined
-- also: trigger streams_redefined
