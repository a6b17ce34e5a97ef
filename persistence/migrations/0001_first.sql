-- A stream stands in two tables. `streams` holds what a client wrote: it changes with create, PUT and PATCH only, and
-- carries the indexes of the filters. `stream_states` holds what happens to it, many times a minute: a narrow row with
-- few indexes, so that a change of status touches three of them and telemetry, by HOT updates, none.
-- The row of `stream_states` is also the one that every writer locks and guards by `revision`.

CREATE SEQUENCE stream_number;

CREATE TABLE streams (
	stream_id      uuid PRIMARY KEY,
	-- The order of insertion: the tie-break of everything that is ordered by create_time.
	number         bigint NOT NULL,
	create_time    timestamptz NOT NULL,
	account_id     uuid NOT NULL,
	name           text NOT NULL,
	description    text NOT NULL,
	reference      text NOT NULL,
	data_type      text NOT NULL,
	-- `json`, not `jsonb`: the server writes them and gives them back as they are, nothing asks inside.
	data           json NOT NULL,
	event_handler  json NOT NULL,
	policies       json NOT NULL,
	location       json NOT NULL
);

CREATE INDEX streams_order ON streams (create_time, number);
CREATE INDEX streams_account ON streams (account_id, create_time, number);
CREATE INDEX streams_name ON streams (name, create_time, number);
CREATE INDEX streams_reference ON streams (reference, create_time, number);

CREATE TABLE stream_states (
	stream_id           uuid PRIMARY KEY,
	number              bigint NOT NULL,
	create_time         timestamptz NOT NULL,
	status              text NOT NULL CHECK (status IN ('pending', 'in_progress', 'done', 'pause', 'cancel', 'failure')),
	version             integer NOT NULL DEFAULT 1,
	-- Counts every committed change; what a writer read must still be there when it writes.
	revision            bigint NOT NULL DEFAULT 1,
	-- Counts the takes: telemetry of an earlier run never lands in a later one.
	run                 bigint NOT NULL DEFAULT 0,
	agent_id            text,
	-- The last feedback of the present run (its take, at first), by the database's clock. Never indexed: it moves all the time.
	feedback_time       timestamptz,
	-- The first in_progress feedback of the present run; with feedback_time it tells how long the run has been healthy.
	first_feedback_time timestamptz,
	restart             smallint NOT NULL CHECK (restart IN (0, 1)),
	attempt_count       integer NOT NULL,
	delay               integer NOT NULL,
	current_attempt     integer NOT NULL DEFAULT 0,
	last_attempt_time   timestamptz,
	autorestart_status  text NOT NULL CHECK (autorestart_status IN ('disabled', 'enabled', 'in_progress', 'failed', 'denied')),
	-- When a failed stream restarts by itself; null when nothing is due.
	restart_time        timestamptz,
	-- How often the handler was lost without a healthy period in between.
	lost_count          integer NOT NULL DEFAULT 0,
	-- A pending stream that is held back (it may be what kills its agents) is not taken before this.
	takeable_time       timestamptz,
	last_error          json,
	video_info          json,
	preview             json,
	-- Node ids are dealt out by shard; stream ids are random, so their first byte is as good as a hash.
	shard               smallint NOT NULL GENERATED ALWAYS AS (get_byte(uuid_send(stream_id), 0)) STORED
) WITH (fillfactor = 70);

-- The queue, and every filter by status.
CREATE INDEX stream_states_status ON stream_states (status, create_time, number);
-- The two questions of the supervisor: who is silent, and who is due.
CREATE INDEX stream_states_live ON stream_states (shard) WHERE status = 'in_progress';
CREATE INDEX stream_states_due ON stream_states (restart_time) WHERE restart_time IS NOT NULL;

-- Filters are intersected by joining on (create_time, number), which the planner takes for two independent columns: it
-- expects one row where there are ten thousand, and then looks each of them up in the third index. `number` alone tells
-- streams apart; said in this way, the estimates are right. Nothing compares create_time for equality but these joins.
ALTER TABLE streams ALTER COLUMN create_time SET (n_distinct = 1);
ALTER TABLE stream_states ALTER COLUMN create_time SET (n_distinct = 1);

CREATE TABLE stream_logs (
	-- Given while the stream's row is locked, so the records of one stream are numbered in their order.
	record_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	stream_id     uuid NOT NULL,
	-- Kept with the record, for filtering after a deletion.
	account_id    uuid NOT NULL,
	log_time      timestamptz NOT NULL,
	status        text NOT NULL,
	version       integer NOT NULL,
	error         json,
	video_info    json,
	preview       json
);

-- With the status: what a stream never was is found out without reading its records. A stream of 100,000 of them took 118 ms.
CREATE INDEX stream_logs_stream ON stream_logs (stream_id, log_time, record_number) INCLUDE (status);
CREATE INDEX stream_logs_order ON stream_logs (log_time, record_number);
CREATE INDEX stream_logs_account ON stream_logs (account_id, log_time, record_number);
-- The newest records of a status: the two that every run leaves behind are never far, of the others there may be none. Looking
-- for a status that hardly occurs took 200 ms among 1,500,000 records, 0.5 ms with the first of these; for one that does not
-- occur in an account of 300,000, 157 ms and 0.5 ms with the second. Each adds 1 to 2 µs to a record of these statuses.
CREATE INDEX stream_logs_rare ON stream_logs (status, log_time, record_number) WHERE status NOT IN ('pending', 'in_progress');
CREATE INDEX stream_logs_account_rare ON stream_logs (account_id, status, log_time, record_number)
	WHERE status NOT IN ('pending', 'in_progress');

CREATE SEQUENCE group_number;

CREATE TABLE groups (
	group_id    uuid PRIMARY KEY,
	number      bigint NOT NULL DEFAULT nextval('group_number'),
	create_time timestamptz NOT NULL,
	account_id  uuid NOT NULL,
	group_name  text NOT NULL UNIQUE,
	description text NOT NULL
);

CREATE INDEX groups_order ON groups (create_time, number);
CREATE INDEX groups_account ON groups (account_id, create_time, number);

-- Links hold no foreign keys: a group of a million streams goes away by deleting its one row, and what is left of its
-- links is swept in batches. Every reader looks up the group first, so a link without its group is invisible.
-- `create_time` and `number` are the stream's own and never change: with them the streams of a group can be walked in the
-- order of every list, whatever the size of the group.
CREATE TABLE stream_groups (
	stream_id   uuid NOT NULL,
	group_id    uuid NOT NULL,
	create_time timestamptz NOT NULL,
	number      bigint NOT NULL,
	PRIMARY KEY (stream_id, group_id)
);

ALTER TABLE stream_groups ALTER COLUMN create_time SET (n_distinct = 1);
CREATE INDEX stream_groups_order ON stream_groups (group_id, create_time, number) INCLUDE (stream_id);

-- One row: when somebody last looked for silent streams, and the grace they are given after nobody could.
CREATE TABLE supervision (
	only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
	seen_time   timestamptz NOT NULL DEFAULT '-infinity',
	-- Nobody is downgraded before this ...
	grace_time  timestamptz NOT NULL DEFAULT '-infinity',
	-- ... but seconds of grace are counted while the database is watched, so that it cannot be renewed for ever.
	grace_spent double precision NOT NULL DEFAULT 0
);

INSERT INTO supervision DEFAULT VALUES;
