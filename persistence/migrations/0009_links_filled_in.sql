-- What links know since 0008, for those that were made before. About 25 s for a million and a half of them, on two processors. Meanwhile streams are
-- read, taken and reported on; who changes such a link, or the name of its stream, waits, and is told to come again (39905)
-- after half a second.

UPDATE stream_groups k SET account_id = s.account_id, name = s.name
FROM streams s WHERE s.stream_id = k.stream_id AND k.name IS NULL;
