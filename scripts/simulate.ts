import { simulate } from "../test/simulation/world.ts";

const seed = process.argv[2];
const n = Number(process.argv[3] ?? 200);
const kinds: Record<string, string[]> = {};
const hits: Record<string, number> = {};
const t = performance.now();
let ev = 0;
for (let i = 0; i < n; i++) {
  const r = simulate({ seed: `${seed}/${i}` });
  ev += r.events;
  for (const [k, v] of Object.entries(r.hits)) hits[k] = (hits[k] ?? 0) + v;
  for (const v of r.violations.slice(0, 1)) (kinds[v.invariant] ??= []).push(`${seed}/${i}: ${v.text}`);
}
const ms = performance.now() - t;
for (const [k, v] of Object.entries(kinds)) {
  console.log(k, v.length);
  for (const l of v.slice(0, 4)) console.log("   ", l.slice(0, 600));
}
console.log(Object.keys(hits).length, "classes", ((n / ms) * 1000).toFixed(0), "/s", ev / n, "events");
console.log(
  Object.entries(hits)
    .map(([k, v]) => `${k}:${v}`)
    .join(" "),
);
