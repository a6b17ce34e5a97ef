-- The account and the name that links know, in their index. Apart from 0009, so that the rows as they were before it are no part of the index.
-- About 3 s for a million and a half of links, in which none is made or removed.

CREATE INDEX stream_groups_covering ON stream_groups (group_id, create_time, number) INCLUDE (stream_id, account_id, name);

-- The strongest locks come last and are held for a moment.
DROP INDEX stream_groups_order, stream_groups_unknown;
ALTER INDEX stream_groups_covering RENAME TO stream_groups_order;
