// A plugin: tells a web hook of every stream that failed or lost its agent. Name its path in LUNA_STREAMS_ACTIVE_PLUGINS
// and the address in the environment variable WEBHOOK_URL.
const url = process.env.WEBHOOK_URL;
/** Milliseconds that the other side may take. */
const patience = 5000;

export function start() {
	if (!url) throw new Error("WEBHOOK_URL is not set");
	// What is printed goes to the log of the service, one line each.
	console.log("failures go to the web hook");
}

export async function onStatusChange({ stream_id, version, records, time }) {
	const bad = records.find((status) => status === "failure" || status === "handler_lost");
	if (bad === undefined) return;
	try {
		const answer = await fetch(url, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ stream_id, version, status: bad, time }),
			signal: AbortSignal.timeout(patience),
		});
		await answer.body?.cancel();
		if (!answer.ok) console.error(`the web hook answered ${answer.status}`);
	} catch (error) {
		// Thrown, it would end this plugin: a hook that is away for a while should not.
		console.error(`the web hook cannot be reached: ${error.message}`);
	}
}

export function stop() {
	console.log("no more failures are told");
}
