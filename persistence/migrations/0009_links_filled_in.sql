-- repeated
-- What links know since 0008, for those that were made before, 5,000 at a time: a tenth or two of a second each, for which whoever
-- changes such a link, or the name of its stream, waits. About a minute for 1,700,000 of them; the nodes of the version before are at
-- work meanwhile.

UPDATE stream_groups k SET account_id = s.account_id, name = s.name
FROM streams s
WHERE s.stream_id = k.stream_id AND k.name IS NULL AND k.ctid = ANY (ARRAY(
	SELECT unknown.ctid FROM stream_groups unknown JOIN streams known USING (stream_id)
	WHERE unknown.name IS NULL
	LIMIT 5000
));
