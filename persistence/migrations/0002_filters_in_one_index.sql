-- Filters of `streams` are combined inside one index: the index of each column holds the others as well, so that counting the
-- nameless streams of an account of 70,000 reads these, and no longer the 500,000 that have no name.
-- `reference` is kept out of the others: it may be 2 KB long.
-- Old and new indexes are the same to every statement of the version before. While they are made, streams are read, taken and
-- reported on; who creates or redefines one waits, and is told to come again (39905) after half a second. About 2 s for each
-- index of a million streams.

CREATE INDEX streams_account_covering ON streams (account_id, create_time, number) INCLUDE (name);
CREATE INDEX streams_name_covering ON streams (name, create_time, number) INCLUDE (account_id);
CREATE INDEX streams_reference_covering ON streams (reference, create_time, number) INCLUDE (account_id, name);

-- The strongest locks come last and are held for a moment.
DROP INDEX streams_account, streams_name, streams_reference;
ALTER INDEX streams_account_covering RENAME TO streams_account;
ALTER INDEX streams_name_covering RENAME TO streams_name;
ALTER INDEX streams_reference_covering RENAME TO streams_reference;
