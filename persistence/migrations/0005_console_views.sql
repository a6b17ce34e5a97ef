-- What operators look at again and again: a place of the console with its filters, under a name that all of them see.
CREATE TABLE console_views (
	view_id     uuid PRIMARY KEY,
	create_time timestamptz NOT NULL,
	name        text NOT NULL,
	-- A place of the page and what its address says after it: nothing here reads them.
	place       text NOT NULL,
	query       text NOT NULL,
	UNIQUE (place, name)
);

-- The streams that are held back after many lost handlers: few, and counted whenever somebody looks at the queue.
CREATE INDEX stream_states_held ON stream_states (takeable_time) WHERE takeable_time IS NOT NULL;
