import { Redis } from "ioredis";
import postgres from "postgres";
import { expect, onTestFailed, onTestFinished, test } from "vitest";
import { newToken } from "../../server/access/secret-text.ts";
import { Provider } from "../access/provider.ts";
import { PageSocket } from "../console-gateway/page-socket.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { ACCOUNT, streamBody, UNKNOWN } from "../main-job/stream-bodies.ts";
import { Camera } from "../preview/camera.ts";
import { jpeg } from "../preview/pictures.ts";
import { freshDatabase } from "../support/database.ts";
import { describeWithRedis, startRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { Planted } from "./planted.ts";

interface Answered {
	status: number;
	// biome-ignore lint/suspicious/noExplicitAny: answers of every route
	body: any;
	headers: Headers;
	text: string;
}

describeWithRedis("secrets", () => {
	test("are in nothing that comes out of the service, but where the contract shows them as written", async () => {
		const planted = new Planted();
		const secrets = {
			password: planted.plant("a source's password"),
			parameter: planted.plant("a parameter of a source"),
			handler: planted.plant("an event handler's token"),
			origin: planted.plant("the password of an origin"),
			store: planted.plant("the password of a frame store"),
			signature: planted.plant("a frame store's signature"),
			preview: planted.plant("the password of a preview"),
			key: planted.plant("the key of a preview"),
			database: planted.plant("the database's password"),
			redis: planted.plant("the password of Redis"),
			influx: planted.plant("the token of InfluxDB"),
		};

		// What the service stands on, each with a password of its own.
		const { url: databaseUrl, drop } = await freshDatabase();
		onTestFinished(drop);
		const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
		onTestFinished(() => sql.end());
		const role = `planted_${process.pid}`;
		await sql.unsafe(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${secrets.database}'`);
		onTestFinished(async () => {
			await sql.unsafe(`DROP ROLE ${role}`);
		});
		const database = new URL(databaseUrl);
		database.username = role;
		database.password = secrets.database;
		const redis = await startRedis();
		onTestFinished(() => redis.stop());
		const listener = new Redis(redis.url);
		const reader = new Redis(redis.url);
		for (const client of [listener, reader]) {
			// It is restarted below.
			client.on("error", () => undefined);
			onTestFinished(() => client.disconnect());
		}
		await listener.psubscribe("*");
		listener.on("pmessage", (_, channel, message) => planted.saw(`Redis: ${channel}`, message));
		await reader.config("SET", "requirepass", secrets.redis);
		const influx = await Camera.http((response, request) => {
			request.on("data", (chunk) => planted.saw("InfluxDB", chunk)).on("end", () => response.writeHead(204).end());
		});
		onTestFinished(() => influx[Symbol.asyncDispose]());
		const provider = await Provider.start();
		onTestFinished(() => provider.stop());
		// It shows its pictures to whoever has the password.
		const camera = await Camera.http((response, { url, headers }) => {
			const basic = `Basic ${Buffer.from(`viewer:${secrets.preview}`).toString("base64")}`;
			if (headers.authorization !== basic || url?.includes("refuse")) return void response.writeHead(401).end(basic);
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1));
		});
		onTestFinished(() => camera[Symbol.asyncDispose]());

		// The first administrator, as the command line makes it.
		const first = newToken();
		planted.know("the first token", first.text);
		await sql`
			INSERT INTO tokens (token_id, prefix, hash, name, role, create_time)
			VALUES (gen_random_uuid(), ${first.prefix}, ${first.hash}, 'first', 'admin', now())`;

		const service = new ServiceProcess({
			DATABASE_URL: database.href,
			REDIS_URL: `redis://:${secrets.redis}@127.0.0.1:${redis.port}`,
			AUTH__MODE: "tokens",
			AUTH__JWT__JWKS_URL: provider.url,
			AUTH__JWT__ISSUER: provider.issuer,
			AUTH__JWT__AUDIENCE: provider.audience,
			INFLUX_MONITORING__SEND_DATA_FOR_MONITORING: "1",
			INFLUX_MONITORING__PORT: String(influx.port),
			INFLUX_MONITORING__TOKEN: secrets.influx,
			INFLUX_MONITORING__FLUSHING_PERIOD: "0.1",
			LUNA_STREAMS_LOGGER__LOG_LEVEL: "trace",
			LUNA_STREAMS_PREVIEW__CACHE_TTL: "0",
		});
		onTestFinished(() => service.end());
		onTestFailed(() => console.log(service.over, service.stderr, service.lines.slice(-20)));
		await service.ready();

		/** Asks as somebody; what comes back must hold no secret, unless it is `own`: the answer that shows it once, or as written. */
		const ask = async (
			who: string,
			token: string,
			method: string,
			path: string,
			{ body, headers = {}, own = false }: { body?: unknown; headers?: Record<string, string>; own?: boolean } = {},
		): Promise<Answered> => {
			const answer = await fetch(service.url + path, {
				method,
				redirect: "manual",
				headers: {
					...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
					...(body === undefined ? {} : { "Content-Type": "application/json" }),
					...headers,
				},
				...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
			});
			const bytes = Buffer.from(await answer.arrayBuffer());
			const text = bytes.toString("utf8");
			const json = answer.headers.get("content-type")?.startsWith("application/json") && text !== "";
			if (!own) {
				planted.saw(`${who}: ${method} ${path}`, bytes);
				planted.saw(`${who}: headers of ${method} ${path}`, JSON.stringify([...answer.headers]));
			}
			return { status: answer.status, body: json ? JSON.parse(text) : text, headers: answer.headers, text };
		};

		// Callers of every kind. What shows a token once is not searched.
		const tokens: Record<string, string> = { admin: first.text };
		for (const name of ["viewer", "operator", "agent"]) {
			const body = { name, role: name };
			const made = await ask("admin", first.text, "POST", "/console/tokens", { body, own: true });
			expect(made.status).toBe(201);
			tokens[name] = planted.know(`the token of the ${name}`, made.body.token);
		}
		const { admin = "", viewer = "", operator = "", agent = "" } = tokens;
		const jwt = planted.know("a JWT", await provider.sign({ roles: ["operator"], sub: "ann" }));
		const expired = planted.know("an expired JWT", await provider.sign({ roles: ["operator"], exp: 1_000_000_000 }));
		const login = await ask("viewer", "", "POST", "/console/login", { body: { token: viewer }, own: true });
		const cookie = /(\S+?)=([^;]+)/.exec(login.headers.get("set-cookie") ?? "");
		const session = planted.know("a session", cookie?.[2] ?? "");
		expect(session.length).toBeGreaterThan(40);
		const withCookie = { headers: { Cookie: `${cookie?.[1]}=${session}`, Origin: service.url } };

		// Streams that hold secrets wherever a stream can.
		const reference = `rtsp://cam-user:${secrets.password}@camera.test/1?pwd=${secrets.password}&q7=${secrets.parameter}`;
		const handler = {
			api_version: 6,
			origin: `http://u:${secrets.origin}@127.0.0.1:5000/6?access_key=${secrets.signature}`,
			frame_store: `http://u:${secrets.store}@127.0.0.1:5001/store?sig=${secrets.signature}`,
			bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
			authorization: { token: secrets.handler },
		};
		const whole = (name: string, members: object = {}) =>
			streamBody({ name, data: { type: "tcp", reference }, event_handler: handler, ...members });
		const group = { account_id: ACCOUNT, group_name: "planted" };
		const { group_id } = (await ask("operator", operator, "POST", "/1/groups", { body: group })).body;
		const ids: string[] = [];
		for (let each = 0; each < 6; each++) {
			const who = each % 2 === 0 ? operator : jwt;
			const created = await ask("operator", who, "POST", "/1/streams", {
				body: whole(`s${each}`, { group_name: "planted", autorestart: { restart: 1, delay: 60 } }),
			});
			expect(created.status).toBe(201);
			ids.push(created.body.stream_id);
		}
		const [running = "", failing = "", refused = "", forbidden = "", broken = "", spare = ""] = ids;

		// Pages that look at everything, from before anything happens.
		const pages = {
			viewer: await PageSocket.open(service.url, withCookie),
			operator: await PageSocket.open(service.url, { headers: { Authorization: `Bearer ${jwt}` } }),
			admin: await PageSocket.open(service.url, { headers: { Authorization: `Bearer ${admin}` } }),
		};
		for (const page of Object.values(pages)) {
			onTestFinished(() => page.close());
			page.say({ op: "streams", sub: 1, filter: {}, order: "problems" });
			page.say({ op: "watch", sub: 1, stream_ids: ids });
			for (const [at, stream_id] of ids.entries()) page.say({ op: "stream", sub: 10 + at, stream_id });
			page.say({ op: "counts", sub: 2 });
			page.say({ op: "logs", sub: 3, filter: {} });
			page.say({ op: "queue", sub: 4 });
			page.say({ op: "nodes", sub: 5 });
			page.say({ op: "pictures", streams: ids.map((stream_id) => ({ stream_id, rate: "still" })) });
			// A search by the password finds nothing, and a question that is none is not repeated.
			page.say({ op: "streams", sub: 6, filter: { references: [`cam-user:${secrets.password}`] }, order: "oldest" });
			page.say({ op: "stream", sub: 7, stream_id: secrets.password });
			await page.next("snapshot");
		}

		// The agent works on them, and quotes what it should not.
		const agentId = { headers: { "Agent-Id": "agent-1" } };
		const take = { filters: {}, limit: 5 };
		const taken = await ask("agent", agent, "POST", "/1/streams/processing/queue", {
			body: take,
			own: true,
			...agentId,
		});
		expect(taken.text).toContain(secrets.password);
		expect(taken.text).toContain(secrets.handler);
		const quoted = (address: string) => ({
			error_code: 100,
			desc: `cannot open ${address}`.slice(0, 256),
			detail: [
				`401 at ${address} (Authorization: Basic ${Buffer.from(`cam-user:${secrets.password}`).toString("base64")})`,
				`sent {"authorization": {"token": "${secrets.handler}"}}, got password=${secrets.origin}`,
				`tried Bearer ${operator} and ${jwt}`,
			].join("\n"),
		});
		const urls = (host: string, path: string) => {
			const url = `http://viewer:${secrets.preview}@${host}/${path}?key7=${secrets.key}`;
			return { live: { url }, last_frame: { url } };
		};
		const own = `127.0.0.1:${camera.port}`;
		const item = (stream_id: string, members: object) => ({ stream_id, version: 1, status: "in_progress", ...members });
		const feedback = (streams: object[]) =>
			ask("agent", agent, "POST", "/1/streams/processing/feedback", { body: { streams }, ...agentId });
		const reported = await feedback([
			item(running, { preview: urls(own, "shot"), error: quoted(reference), video_info: { width: 1, height: 1 } }),
			item(refused, { preview: urls(own, "refuse") }),
			item(forbidden, { preview: urls("8.8.8.8:80", "shot") }),
			item(broken, { preview: urls("127.0.0.1:1", "shot") }),
			item(failing, { status: "failure", error: quoted(reference) }),
		]);
		expect(reported.body.streams.modified).toHaveLength(5);

		// What everybody reads.
		const reads = [
			"/1/streams",
			`/1/streams/${running}`,
			`/1/streams/${failing}`,
			"/1/streams/count",
			"/1/streams/logs?page_size=100",
			"/1/streams/processing/queue?limit=10",
			"/1/groups",
			`/1/groups/${group_id}`,
			"/plugins",
			"/metrics",
			"/version",
			"/healthcheck?include_luna_services=1",
			"/console/me",
			"/console/views",
			"/docs/spec",
			...ids.flatMap((id) => [`/1/streams/${id}/preview/last_frame`, `/1/streams/${id}/preview/live`]),
			"/console/streams/logs?page_size=100",
			...ids.map((id) => `/console/streams/${id}`),
		];
		const pictures: number[] = [];
		for (const path of reads)
			for (const [who, token] of Object.entries({ viewer, operator, "operator by JWT": jwt })) {
				const { status } = await ask(who, token, "GET", path);
				if (path.includes("preview")) pictures.push(status);
				await ask(who, token, "GET", path, { headers: { Accept: "application/msgpack" } });
			}
		expect(new Set(pictures)).toEqual(new Set([200, 502, 404]));
		for (const path of reads) await ask("viewer by cookie", "", "GET", path, withCookie);
		const found = await ask("viewer", viewer, "POST", "/console/streams/search", { body: { filter: {} } });
		expect(found.text).toContain("cam-user");
		for (const query of [`references`, `words`]) {
			const body = { filter: { [query]: [secrets.password] } };
			expect((await ask("viewer", viewer, "POST", "/console/streams/search", { body })).body.total).toBe(0);
		}
		// As written for those who need it; the console shows nobody.
		for (const token of [admin, agent])
			for (const path of [`/1/streams/${running}`, "/1/streams", "/1/streams/logs?page_size=100"])
				expect((await ask("", token, "GET", path, { own: true })).text).toContain(secrets.password);
		for (const path of reads.filter((each) => !each.startsWith("/1/"))) await ask("admin", admin, "GET", path);
		const log = (await ask("admin", admin, "GET", `/console/streams/logs?stream_ids=${failing}`)).text;
		expect(log).toContain("cannot open rtsp://cam-user:********@camera.test/1");
		for (const accept of ["application/json", "text/plain", "application/msgpack"])
			expect((await ask("admin", admin, "GET", "/config", { headers: { Accept: accept } })).status).toBe(200);
		await ask("admin", admin, "GET", "/console/tokens");

		// What operators do: views, sets with actions, links, a stream written anew without its secrets, and mistakes of all kinds.
		const view = { name: "failed ones", place: "streams", query: "q=status%3Afailure" };
		expect((await ask("operator", operator, "POST", "/console/views", { body: view })).status).toBe(201);
		const link = { action: "detach", stream_ids: ids, group_id };
		expect((await ask("operator", operator, "POST", "/1/linker", { body: link })).status).toBe(204);
		const masked = (await ask("operator", operator, "GET", `/console/streams/${spare}`)).body.stream;
		const { account_id, name, data, event_handler } = masked;
		const anew = await ask("operator", operator, "PUT", `/console/streams/${spare}`, {
			body: { account_id, name, data, event_handler },
		});
		expect(anew.status).toBe(200);
		expect((await ask("", admin, "GET", `/1/streams/${spare}`, { own: true })).text).toContain(secrets.handler);
		const elsewhere = { ...event_handler, origin: "http://elsewhere.test/" };
		await ask("operator", operator, "PUT", `/console/streams/${spare}`, {
			body: { account_id, name, data, event_handler: elsewhere },
		});
		for (const action of ["pause", "resume", "cancel", "delete"]) {
			const set = (await ask("operator", operator, "POST", "/console/sets", { body: { filter: { stream_ids: ids } } }))
				.body;
			await ask("operator", operator, "GET", `/console/sets/${set.set_id}`);
			const begun = await ask("operator", operator, "POST", `/console/sets/${set.set_id}/actions`, {
				body: { action },
			});
			const { action_id } = begun.body;
			await eventually(
				async () => (await ask("operator", operator, "GET", `/console/actions/${action_id}`)).body.finished === true,
			);
			if (action === "resume")
				await ask("agent", agent, "POST", "/1/streams/processing/queue", { body: take, own: true, ...agentId });
		}
		const mistakes: [string, string, unknown][] = [
			["POST", "/1/streams", `${JSON.stringify(whole("x")).slice(0, -1)},`],
			["POST", "/1/streams", `{"token": "${secrets.handler}" "x"`],
			["POST", "/1/streams", whole("x", { bogus: reference })],
			["POST", "/1/streams", whole("x", { status: "lost" })],
			["POST", "/1/streams", whole("x", { data: { type: "tcp", reference: `${reference}${"x".repeat(600)}` } })],
			["POST", "/1/streams", whole("x", { event_handler: { ...handler, origin: `nonsense://u:${secrets.origin}@` } })],
			["POST", "/1/streams", whole("x", { event_handler: { ...handler, authorization: { tokens: secrets.handler } } })],
			["POST", "/1/streams", whole("x", { group_name: "absent" })],
			["PUT", `/1/streams/${UNKNOWN}`, whole("x")],
			["POST", "/console/login", { token: `${viewer}x` }],
			["POST", "/console/login", { token: expired }],
			["POST", "/console/login", { tokens: viewer }],
			["GET", `/1/streams?account_id=${secrets.password}`, undefined],
			["GET", `/1/streams?token=${viewer}&reference=${encodeURIComponent(reference)}`, undefined],
			["GET", `/1/streams/${viewer}`, undefined],
			["GET", `/nowhere/${secrets.password}?access_token=${jwt}`, undefined],
		];
		for (const [method, path, body] of mistakes) {
			await ask("operator", operator, method, path, { body });
			await ask("operator", operator, method, path, { body, headers: { "Content-Type": "text/plain" } });
			await ask("nobody", "", method, path, { body });
		}
		const wrong = `${viewer.slice(0, -6)}AAAAAA`;
		for (const token of [wrong, `${jwt}x`, expired, secrets.password])
			for (const path of ["/1/streams", `/1/streams/${running}`, "/config"])
				expect((await ask("nobody", token, "GET", path)).status).toBe(401);
		for (const headers of [{ "Luna-Request-Id": jwt }, { "Agent-Id": `${secrets.key} ` }, { Origin: reference }])
			await ask("operator", operator, "POST", "/1/streams/processing/feedback", { body: { streams: [] }, headers });
		await ask("agent", agent, "POST", "/1/streams/processing/feedback", {
			body: { streams: [item(running, { preview: { live: { url: `http://u:${secrets.preview}@/x` } } })] },
		});

		// What it stands on fails, and comes back.
		await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${role}`;
		await sql.unsafe(`ALTER ROLE ${role} NOLOGIN`);
		for (let each = 0; each < 5; each++) await ask("viewer", viewer, "GET", `/1/streams/${running}`);
		await ask("viewer", viewer, "GET", "/healthcheck");
		await sql.unsafe(`ALTER ROLE ${role} LOGIN`);
		for (const key of await reader.keys("*")) planted.saw(`Redis: ${key}`, JSON.stringify(await dumped(reader, key)));
		await redis.restart();
		await eventually(() => service.lines.some(({ part, level }) => part === "cluster" && level === "warn"), {
			timeoutMs: 10_000,
		});
		await eventually(async () => (await ask("viewer", viewer, "GET", "/1/streams/count")).status === 200, {
			timeoutMs: 20_000,
		});
		await ask("viewer by cookie", "", "POST", "/console/logout?everywhere=1", withCookie);
		for (const { token_id } of (await ask("admin", admin, "GET", "/console/tokens")).body.tokens.slice(1))
			await ask("admin", admin, "DELETE", `/console/tokens/${token_id}`);
		await eventually(() => influx.connections > 0);

		service.child.kill("SIGTERM");
		expect(await service.ended).toBe(0);
		for (const line of service.lines) planted.saw("log", JSON.stringify(line));
		planted.saw("stderr", service.stderr);
		for (const [who, page] of Object.entries(pages)) {
			for (const message of page.said) planted.saw(`${who}'s page: ${message.type}`, JSON.stringify(message));
			for (const picture of page.pictures) planted.saw(`${who}'s page: a picture`, picture);
		}
		// The streams' own tables hold what was written, for the agents; no other table does.
		const tables = await sql<{ table_name: string }[]>`
			SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
		for (const { table_name } of tables.filter((each) => !/^(streams|stream_)/.test(each.table_name)))
			for (const { row } of await sql.unsafe(`SELECT to_json(t)::text AS row FROM ${table_name} t`))
				planted.saw(`table ${table_name}`, row);

		for (const where of ["log", "viewer: ", "operator: ", "admin: ", "viewer's page", "Redis: ", "InfluxDB", "table"])
			expect(planted.amount(where), where).toBeGreaterThan(1_000);
		planted.expectNone();
	}, 120_000);

	test("are not in the line with which a start ends that went wrong", async () => {
		const planted = new Planted();
		const { url, drop } = await freshDatabase();
		onTestFinished(drop);
		const wrong = new URL(url);
		wrong.password = planted.plant("a wrong password");
		const bad = planted.plant("a password in a bad value");
		const starts: Record<string, string>[] = [
			{ DATABASE_URL: wrong.href },
			{ DATABASE_URL: `mysql://u:${bad}@127.0.0.1/d` },
			{ DATABASE_URL: url, REDIS_URL: `http://:${bad}@127.0.0.1` },
			{ DATABASE_URL: url, REDIS_URL: `redis://:${bad}@127.0.0.1:99999999` },
			{ DATABASE_URL: url, AUTH__JWT__JWKS_URL: `ftp://u:${bad}@h/` },
			{ DATABASE_URL: url, INFLUX_MONITORING__TOKENS: bad },
		];
		const services = starts.map((env) => new ServiceProcess(env));
		onTestFinished(async () => {
			await Promise.all(services.map((service) => service.end()));
		});
		for (const service of services) {
			expect([1, 2]).toContain(await service.ended);
			expect(service.stderr).not.toBe("");
			planted.saw("stderr", service.stderr);
			planted.saw("log", JSON.stringify(service.lines));
		}
		planted.expectNone();
	}, 60_000);
});

/** What stands under a key of Redis, of any type. */
async function dumped(redis: Redis, key: string): Promise<unknown> {
	const type = await redis.type(key);
	if (type === "string") return redis.get(key);
	if (type === "hash") return redis.hgetall(key);
	if (type === "zset") return redis.zrange(key, 0, -1);
	if (type === "set") return redis.smembers(key);
	return redis.dump(key);
}
