-- Who did what to which stream or group, with which result; apart from the streams' own log, and kept for another time.
CREATE TABLE audit (
	-- Milliseconds, so that a page can go on from a time as it is shown.
	audit_time    timestamptz NOT NULL,
	record_number bigint GENERATED ALWAYS AS IDENTITY,
	action        text NOT NULL,
	stream_id     uuid,
	group_id      uuid,
	-- Of the answer: its status, and its number in the error catalogue, 0 for none.
	status        smallint NOT NULL,
	error_code    integer NOT NULL,
	-- Whom it was taken for: '' for somebody who was not known, 'anonymous' where nobody is asked.
	subject       text NOT NULL,
	name          text NOT NULL,
	role          text,
	token_prefix  text,
	-- Where it came from; '' for the command line.
	address       text NOT NULL,
	request_id    text NOT NULL,
	details       json NOT NULL,
	PRIMARY KEY (audit_time, record_number)
);

CREATE INDEX audit_streams ON audit (stream_id, audit_time, record_number) WHERE stream_id IS NOT NULL;
CREATE INDEX audit_groups ON audit (group_id, audit_time, record_number) WHERE group_id IS NOT NULL;
CREATE INDEX audit_subjects ON audit (subject, audit_time, record_number) WHERE subject <> 'anonymous';
CREATE INDEX audit_names ON audit (name, audit_time, record_number) WHERE subject <> 'anonymous';
-- What is done to streams is everywhere: walking back in time meets one soon. The rest is rare, and would not be met.
CREATE INDEX audit_actions ON audit (action, audit_time, record_number)
	WHERE action NOT IN ('create', 'put', 'patch', 'delete', 'pause', 'resume', 'cancel', 'attach', 'detach');
