#!/usr/bin/env bash
# A stream agent of one slot, with bash and curl alone: docs/examples/agent.sh http://127.0.0.1:5160
set -u
url=${1:-http://127.0.0.1:5160}
# Who took a stream is the only one who may report about it. The name is new at each start.
agent_id="bash-$(hostname)-$$-$(date +%s)"
# A signal is heard after the request under way: cut off, a take may have been answered already.
stopping=
trap 'stopping=1' TERM INT

# post <path> <body>: prints the answer, or fails. Ctrl-C reaches curl as well; it is to finish first.
post() (
	trap '' INT
	exec curl --silent --fail --max-time 30 -H 'Content-Type: application/json' -H "Agent-Id: $agent_id" \
		--data "$2" "$url$1"
)

# member <name>: its first value in the JSON on standard input. A real parser would be better; curl brings none.
member() { grep -o "\"$1\":[^,}]*" | head -n 1 | cut -d : -f 2- | tr -d '"'; }

# report <status> [more members]: succeeds while the stream is still ours.
report() {
	local answer
	answer=$(post /1/streams/processing/feedback \
		"{\"streams\":[{\"stream_id\":\"$stream_id\",\"version\":$version,\"status\":\"$1\"${2:-}}]}") || return 0
	# Without an answer (above) the work goes on. One that names the stream under "unmodified" takes it from us.
	[[ $answer == *'"unmodified":[]'* ]]
}

# What is done with a stream, second by second. Put your own work here.
process() {
	local second
	for ((second = 0; ; second++)); do
		[ -n "$stopping" ] && { report handler_lost; return; }
		if [ "$type" = videofile ] && [ "$second" -ge 3 ]; then
			report "done" ',"video_info":{"progress":1}'
			return
		fi
		report in_progress || { echo "$stream_id is not ours any more"; return; }
		sleep 1
	done
}

until [ -n "$stopping" ]; do
	# The service holds the request until there is something to take, five seconds at most.
	if ! taken=$(post '/1/streams/processing/queue?wait=5' '{"filters":{},"limit":1}'); then
		sleep 1
		continue
	fi
	stream_id=$(member stream_id <<<"$taken")
	[ -n "$stream_id" ] || continue
	version=$(member version <<<"$taken")
	type=$(member type <<<"${taken#*\"data\":}")
	echo "took $stream_id, version $version"
	process
done
