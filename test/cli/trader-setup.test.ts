import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExchangeRefused } from "../../src/bybit/errors.ts";
import type { Gateway } from "../../src/bybit/gateway.ts";
import { modeOf } from "../../src/cli/commands/trade/modes.ts";
import { laneOf, limitsAt, planLanes, readSetup, setLeverages } from "../../src/cli/trader-setup.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "trader-setup-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (text: string, name = "grimoire.config.yaml") => writeFileSync(join(dir, name), text);
const signal = new AbortController().signal;

describe("readSetup", () => {
  it("makes a configuration of the options, with the same defaults and the same checks", () => {
    const { config, file } = readSetup(
      { strategy: "rsi-trend", symbol: "ETHUSDT", interval: "60", param: ["rsiPeriod=21"], leverage: "3" },
      dir,
    );
    expect(file).toBeNull();
    expect(config.traders).toMatchObject([
      { symbol: "ETHUSDT", interval: "60", params: { rsiPeriod: "21" }, sizing: "all-in", leverage: 3 },
    ]);
    expect(config.limits).toMatchObject({ maxDailyLossFraction: 0.05, maxPositionQuote: 10_000 });
    for (const flags of [
      { leverage: "500" },
      { leverage: "much" },
      { size: "risk:0.5" },
      { interval: "7" },
      { side: "up" },
      { stopLoss: "2" },
    ]) {
      expect(() => readSetup({ strategy: "rsi-trend", ...flags }, dir)).toThrow(
        expect.objectContaining({ name: "ArgumentError" }),
      );
    }
  });

  it("raises both limits of size with --max-position", () => {
    const { limits } = readSetup({ strategy: "rsi-trend", maxPosition: "50000" }, dir).config;
    expect([limits.maxPositionQuote, limits.maxTotalQuote]).toEqual([50_000, 50_000]);
  });

  it("reads the configuration of the folder, or the one that is named", () => {
    write("traders: [{ strategy: rsi-trend }]\naccount: one");
    write("traders: [{ strategy: ensemble }]\naccount: two", "other.yaml");
    expect(readSetup({}, dir)).toMatchObject({ config: { account: "one" }, dir });
    expect(readSetup({ config: "other.yaml" }, dir).config.account).toBe("two");
  });

  it("refuses options that would be ignored", () => {
    write("traders: [{ strategy: rsi-trend }]");
    for (const flags of [{ symbol: "ETHUSDT" }, { stopLoss: "0.02" }, { maxPosition: "5" }, { account: "x" }]) {
      expect(() => readSetup(flags, dir)).toThrow(expect.objectContaining({ code: "OPTION" }));
    }
    expect(() => readSetup({ strategy: "rsi-trend", config: "grimoire.config.yaml" }, dir)).toThrow(
      expect.objectContaining({ code: "OPTION" }),
    );
    expect(() => readSetup({ stopLoss: "0.02" }, dir)).toThrow(/--stop-loss goes with --strategy/);
  });

  it("says what is missing where there is nothing", () => {
    expect(() => readSetup({}, dir)).toThrow(expect.objectContaining({ code: "CONFIG_NOT_FOUND" }));
  });
});

describe("planLanes", () => {
  const planned = (text: string) => {
    write(text);
    return planLanes(readSetup({}, dir));
  };

  it("names a trader after strategy and symbol, and resolves its parameters", () => {
    const [lane] = planned("traders: [{ strategy: rsi-trend, symbol: ETHUSDT, params: { rsiPeriod: 21 } }]");
    expect(lane).toMatchObject({ name: "rsi-trend-ethusdt", params: { rsiPeriod: 21, oversold: 30 } });
  });

  it("finds a strategy file beside the configuration", () => {
    write(
      'import { defineStrategy } from "bybit-grimoire";\nexport default defineStrategy({ name: "mine", params: {}, rules: ({ close }) => ({ enterLong: close.above(1) }) });',
      "mine.ts",
    );
    expect(planned("traders: [{ strategy: ./mine.ts }]")[0]!.strategy.name).toBe("mine");
  });

  it.each([
    ["a parameter that is not there", "traders: [{ strategy: rsi-trend, params: { rsiLength: 3 } }]", "PARAM_UNKNOWN"],
    ["what is no linear contract", "traders: [{ strategy: rsi-trend, category: inverse, symbol: BTCUSD }]", "CATEGORY"],
    [
      "two traders of one name",
      "traders: [{ strategy: rsi-trend, name: a, symbol: BTCUSDT }, { strategy: ensemble, name: a, symbol: ETHUSDT }]",
      "TRADER_NAME",
    ],
  ])("refuses %s", (_, text, code) => {
    expect(() => planned(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe("laneOf", () => {
  it("takes levels as fractions, and what is not said as the strategy's own", () => {
    write(
      "traders: [{ strategy: rsi-trend, sizing: risk:0.01, leverage: 2, side: long, stopLossFraction: 0.03, warmupBars: 7 }]",
    );
    const [planned] = planLanes(readSetup({}, dir));
    const instrument = instrumentOf("BTCUSDT", "linear", 60_000);
    expect(laneOf(planned!, { instrument, feeRate: 0.00055, slippage: 0.001 })).toMatchObject({
      sizing: { kind: "risk", fraction: 0.01 },
      leverage: 2,
      side: "long",
      stopLoss: 0.03,
      takeProfit: null,
      trailingStop: null,
      warmupBars: 7,
      feeRate: 0.00055,
      slippage: 0.001,
      interval: "15",
    });
  });
});

describe("limitsAt", () => {
  it("lets data be older, in its time, on an exchange that runs faster, and changes nothing else", () => {
    const { limits } = readSetup({ strategy: "rsi-trend" }, dir).config;
    expect(limitsAt(limits, "real")).toEqual(limits);
    expect(limitsAt(limits, "step")).toEqual(limits);
    expect(limitsAt(limits, 60)).toEqual({ ...limits, maxDataAgeMs: 300_000 });
  });
});

describe("setLeverages", () => {
  const lane = { instrument: instrumentOf("BTCUSDT", "linear", 60_000), leverage: 3 };
  const gatewayThat = (answer: () => unknown): { gateway: Gateway; asked: unknown[] } => {
    const asked: unknown[] = [];
    const call = async (name: string, params: unknown) => {
      asked.push([name, params]);
      return answer();
    };
    return { gateway: { call } as unknown as Gateway, asked };
  };

  it("sets what the bot's own cap never reaches", async () => {
    const { gateway, asked } = gatewayThat(() => ({}));
    await setLeverages(gateway, [lane], signal);
    const params = { category: "linear", symbol: "BTCUSDT", buyLeverage: "10", sellLeverage: "10" };
    expect(asked).toEqual([["set_leverage", params]]);
  });

  it("takes 110043 (it is that already) for success, and nothing else", async () => {
    const refusing = (code: number) =>
      gatewayThat(() => {
        throw new ExchangeRefused("set_leverage", code, "");
      }).gateway;
    await setLeverages(refusing(110043), [lane], signal);
    await expect(setLeverages(refusing(110044), [lane], signal)).rejects.toMatchObject({ code: "RETCODE_110044" });
  });
});

describe("modeOf", () => {
  const setup = (environment: "testnet" | "mainnet" | "local", file: string | null = "c.yaml") => {
    const { config } = readSetup({ strategy: "rsi-trend" }, dir);
    return { config: { ...config, environment }, file };
  };

  it("is what was asked for, else what the configuration says, else paper", () => {
    expect(modeOf("demo", setup("testnet"))).toBe("demo");
    expect(modeOf(undefined, setup("mainnet"))).toBe("live");
    expect(modeOf(undefined, setup("local"))).toBe("paper");
    expect(modeOf(undefined, setup("testnet", null))).toBe("paper");
    expect(modeOf("paper", setup("mainnet"))).toBe("paper");
  });

  it("is not live where the configuration speaks of another exchange", () => {
    expect(() => modeOf("live", setup("testnet"))).toThrow(expect.objectContaining({ code: "MODE" }));
  });
});
