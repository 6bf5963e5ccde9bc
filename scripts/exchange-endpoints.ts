// Writes docs/exchange-endpoints.md from the code of the local exchange.
import { writeFileSync } from "node:fs";
import { barsOf } from "../src/model/bar.ts";
import { endpointTable } from "../src/simulator/endpointtable.ts";
import { instrumentOf } from "../src/simulator/market/instruments.ts";
import { routesOf } from "../src/simulator/routes.ts";
import { openDesk } from "../src/simulator/trading/desk.ts";
import { World } from "../src/simulator/world.ts";

const one = Float64Array.of(1);
const bars = barsOf(
  { symbol: "BTCUSDT", interval: "1" },
  { time: Float64Array.of(0), open: one, high: one, low: one, close: one, volume: one },
);
const world = new World({ markets: [{ instrument: instrumentOf("BTCUSDT", "linear", 1), bars }], speed: "step" });
openDesk(world);
writeFileSync(new URL("../docs/exchange-endpoints.md", import.meta.url), endpointTable(routesOf(world)));
