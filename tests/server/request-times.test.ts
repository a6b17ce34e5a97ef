import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { RequestTimes } from "../../server/request-times.ts";

test("the times of requests are written as a histogram of Prometheus", async () => {
	const registry = new Registry();
	const times = new RequestTimes("requests_seconds", "Requests.", registry);
	for (const seconds of [0.0005, 0.003, 0.004, 100])
		times.add({ method: "GET", route: "/version", status: 200, seconds });
	const text = await registry.metrics();
	const line = (name: string, more = "") =>
		Number(
			text
				.split("\n")
				.find((each) => each.startsWith(`requests_seconds_${name}{`) && each.includes(more))
				?.split(" ")
				.at(-1),
		);
	expect(text).toContain("# TYPE requests_seconds histogram");
	expect(text).toContain('method="GET"');
	expect([line("bucket", 'le="0.001"'), line("bucket", 'le="0.005"'), line("bucket", 'le="+Inf"')]).toEqual([1, 3, 4]);
	expect(line("count")).toBe(4);
	expect(line("sum")).toBeCloseTo(100.0075);
	const [asked] = await registry.getMetricsAsJSON();
	expect(asked).toMatchObject({ name: "requests_seconds", type: "histogram" });
});
