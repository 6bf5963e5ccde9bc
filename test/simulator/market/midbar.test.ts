import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../../src/core/time.ts";
import { startExchange } from "../../../src/simulator/exchange.ts";
import { generateBars } from "../../../src/store/generate.ts";
import { syntheticInstrument } from "../../../src/store/synthetic.ts";

const instrument = syntheticInstrument("BTCUSDT");
const FROM = Date.UTC(2025, 0, 1);
const bars = generateBars({ seed: 5, symbol: "BTCUSDT", interval: "1", from: FROM, length: 100 });

describe("an exchange that starts within a bar", () => {
  it.each(["ticks", "bars"] as const)(
    "goes on from there and closes the bar as its source has it (%s)",
    async (walk) => {
      const startTime = FROM + 50 * MINUTE_MS + 22_000;
      const exchange = await startExchange({ markets: [{ instrument, bars }], speed: "step", walk, startTime });
      try {
        exchange.control.stepTo(FROM + 53 * MINUTE_MS);
        const query = `category=linear&symbol=BTCUSDT&interval=1&start=${FROM + 50 * MINUTE_MS}&limit=3`;
        const reply = await fetch(`${exchange.rest}/v5/market/kline?${query}`);
        const { result } = (await reply.json()) as { result: { list: string[][] } };
        const rows = result.list.map((row) => row.slice(0, 5).map(Number)).reverse();
        const wanted = [50, 51, 52].map((i) => [bars.time[i], bars.open[i], bars.high[i], bars.low[i], bars.close[i]]);
        expect(rows).toEqual(wanted);
      } finally {
        await exchange.close();
      }
    },
  );
});
