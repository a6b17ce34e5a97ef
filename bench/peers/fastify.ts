import fastify from "fastify";
import postgres from "postgres";
import { getStreams } from "../../persistence/streams/get.ts";
import { streamJson } from "../../server/routes/stream-json.ts";
import { answering } from "../processes.ts";

/** The same GET on Fastify 5 with the same driver and statement, without a log, its path checked by a schema as the manual has it. */
answering(async ({ url }: { url: string }) => {
	const sql = postgres(url, { max: 6, onnotice: () => undefined });
	const app = fastify({ logger: false });
	const params = { type: "object", properties: { stream_id: { type: "string", pattern: "^[0-9a-f-]{36}$" } } };
	app.get<{ Params: { stream_id: string } }>(
		"/1/streams/:stream_id",
		{ schema: { params } },
		async (request, reply) => {
			const [row] = await getStreams(sql, [request.params.stream_id]);
			if (row === undefined) return reply.code(404).send({ error_code: 39001 });
			return reply.type("application/json").send(streamJson(row));
		},
	);
	await app.listen({ host: "127.0.0.1", port: 0 });
	const address = app.server.address();
	return { port: typeof address === "object" && address !== null ? address.port : 0 };
});
