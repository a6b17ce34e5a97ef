import { Site } from "./bench/site.ts";
const variants = (process.argv[2] ?? "500").split(",");
const rounds = Number(process.argv[3] ?? 4), seconds = 4;
const rates = new Map<string, number[]>();
const sites = new Map<string, Site>();
for (const v of variants) { process.env.X_SHARED = v; const s = await Site.open([], { X_SHARED: v }); sites.set(v, s); }
for (let r=0;r<rounds;r++) for (const v of variants) {
  const site = sites.get(v)!;
  await site.statements("fill", 45_000, 1, 0);
  const f = await site.load.put({ port: site.service.port, connections: 8, seconds, itemsPerRequest: 50, work: { kind: "take_done", batch: 50 } as const });
  (rates.get(v) ?? rates.set(v, []).get(v)!).push(Math.round(f.rate));
}
for (const [v, x] of rates) { x.sort((a,b)=>a-b); console.log(v, x.join(" "), "median", x[x.length>>1]); }
for (const s of sites.values()) await s.close();
