-- repeated
-- What links know since 0008, for those that were made before, 20,000 at a time: half a second each, for which whoever changes such a
-- link, or the name of its stream, waits, and may be told to come again (39905). Streams are read, taken and reported on meanwhile.

UPDATE stream_groups k SET account_id = s.account_id, name = s.name
FROM streams s
WHERE s.stream_id = k.stream_id AND k.name IS NULL AND k.ctid = ANY (ARRAY(
	SELECT unknown.ctid FROM stream_groups unknown
	WHERE unknown.name IS NULL AND EXISTS (SELECT FROM streams known WHERE known.stream_id = unknown.stream_id)
	LIMIT 20000
));
