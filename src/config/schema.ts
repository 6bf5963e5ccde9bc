import { z } from "zod";
import { ToolkitError } from "../core/errors.ts";
import { INTERVALS } from "../core/time.ts";
import { ENVIRONMENTS } from "../model/environment.ts";
import { parseSizing, type SizingPolicy } from "../risk/policy.ts";

const fraction = (about: string) => z.number().gt(0).lt(1).describe(`${about}; a fraction: 0.02 is 2 %`);
const quote = (about: string) => z.number().positive().describe(`${about}, in the quote coin`);
const whole = (least: number, about: string) => z.int().gte(least).describe(about);
const milliseconds = (about: string) => z.int().positive().describe(`${about}, milliseconds`);

const trailingStop = z
  .strictObject({
    activationFraction: fraction("How far the price must run in favour before the stop begins to follow"),
    distanceFraction: fraction("How far behind the best price the stop follows"),
    by: z
      .enum(["bot", "exchange"])
      .default("bot")
      .describe("Who moves it: the bot when a bar has closed, or Bybit's own trailing stop with every trade"),
  })
  .describe("A stop that follows the price, only ever in favour");

const breakEven = z
  .strictObject({
    activationFraction: fraction("How far the price must run in favour"),
    offsetFraction: z
      .number()
      .gte(0)
      .lt(1)
      .default(0)
      .describe("How far beyond the entry price the stop is put then, for what the fills cost; 0.001 is 0.1 %"),
  })
  .describe("A stop that goes to the entry price once the price has run in favour");

const trader = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/, "lower-case letters, digits and dashes, at most 20")
      .optional()
      .describe("What it is called in journal and reports; default: strategy and symbol"),
    strategy: z.string().min(1).describe("A strategy that ships, or a .ts or .js file beside this one"),
    symbol: z
      .string()
      .regex(/^[A-Z0-9-]{2,30}$/, "a Bybit symbol such as BTCUSDT")
      .default("BTCUSDT")
      .describe("What it trades"),
    category: z.enum(["linear", "inverse", "spot"]).default("linear").describe("Kind of market"),
    interval: z.enum(INTERVALS).default("15").describe("Length of the bars it decides on"),
    params: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .default({})
      .describe("Parameters of the strategy; what is left out has the strategy's default"),
    sizing: z
      .string()
      .default("risk:0.01")
      .describe("all-in, quote:1000, qty:0.5, fraction:0.5, risk:0.01 or volatility:0.2"),
    leverage: z.number().gte(1).lte(100).default(1).describe("Caps the notional; it never multiplies the risk"),
    warmupBars: whole(0, "Bars of history to load before the first decision, where the strategy needs fewer").default(
      200,
    ),
    side: z.enum(["both", "long", "short"]).default("both").describe("Signals of the other side are not heard"),
    stopLossFraction: fraction("Stop in place of the strategy's own, from the entry price").optional(),
    takeProfitFraction: z
      .number()
      .positive()
      .optional()
      .describe("Target in place of the strategy's own, a fraction of the entry price: 0.04 is 4 %"),
    trailingStop: trailingStop.optional(),
    breakEven: breakEven.optional(),
  })
  .describe("One strategy on one symbol");

const limits = z
  .strictObject({
    riskPerTradeFraction: fraction("Most that one stopped trade may lose of equity").default(0.02),
    maxDailyLossFraction: fraction(
      "Loss since midnight UTC, unrealised included, after which no entry is made",
    ).default(0.05),
    maxDrawdownFraction: fraction("Fall from the highest equity after which no entry is made").default(0.2),
    maxOpenPositions: whole(1, "Positions at a time, entries under way counted").default(3),
    maxPositionQuote: quote("Largest notional of one position").default(10_000),
    minPositionQuote: quote("Entries below this notional are not made").default(10),
    maxTotalQuote: quote("Largest notional of all positions together").default(30_000),
    maxConsecutiveLosses: whole(1, "Losing trades in a row after which entries pause for a day").default(6),
    cooldownBars: whole(0, "Bars without an entry after a losing trade").default(0),
    maxPriceDeviationFraction: fraction("No order further than this from the last price").default(0.05),
    maxSpreadBps: z.number().positive().default(50).describe("No entry at a wider spread, basis points"),
    maxDataAgeMs: milliseconds("No entry on prices older than this").default(5_000),
    maxClockOffsetMs: milliseconds("No entry while this clock and the exchange's differ by more").default(1_000),
  })
  .describe("What the bot may never do");

const exchange = z
  .strictObject({
    rest: z.url({ protocol: /^https?$/ }).describe("http://127.0.0.1:PORT"),
    ws: z.url({ protocol: /^wss?$/ }).describe("ws://127.0.0.1:PORT"),
  })
  .describe("Addresses of a local exchange, as `grimoire exchange` prints them");

const log = z
  .strictObject({
    level: z.enum(["error", "warn", "info", "debug"]).default("info").describe("Least grave event that is written"),
    file: z.string().min(1).default("grimoire.log").describe("Where to"),
  })
  .describe("The log");

/** The configuration as it is written, before defaults. Unknown fields are errors; units are in the names. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe("For editors"),
    environment: z
      .enum(ENVIRONMENTS)
      .default("testnet")
      .describe("Where orders go; mainnet is real money and asks again at start"),
    exchange: exchange.optional(),
    account: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/, "lower-case letters, digits and dashes, at most 20")
      .default("main")
      .describe("Name of the account, in journal and order ids; another account needs another name"),
    traders: z.array(trader).min(1).describe("What trades; one strategy per symbol"),
    limits: limits.prefault({}),
    stopOn: z
      .enum(["keep", "flatten"])
      .default("keep")
      .describe("What a clean stop does with positions; kept ones keep their stops on the exchange"),
    dataDir: z.string().min(1).default("data").describe("Market data and studies"),
    journal: z.string().min(1).default("journal.sqlite").describe("The bot's journal"),
    log: log.prefault({}),
  })
  .superRefine((config, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    const { limits: most, traders } = config;
    if (most.riskPerTradeFraction > most.maxDailyLossFraction) {
      fault(["limits", "riskPerTradeFraction"], "one loss must not be larger than limits.maxDailyLossFraction");
    }
    if (most.maxDailyLossFraction > most.maxDrawdownFraction) {
      fault(["limits", "maxDailyLossFraction"], "must not be larger than limits.maxDrawdownFraction");
    }
    if (most.minPositionQuote > most.maxPositionQuote) {
      fault(["limits", "minPositionQuote"], "must not be larger than limits.maxPositionQuote");
    }
    if (most.maxPositionQuote > most.maxTotalQuote) {
      fault(["limits", "maxPositionQuote"], "must not be larger than limits.maxTotalQuote");
    }
    if ((config.environment === "local") !== (config.exchange !== undefined)) {
      const text = config.exchange
        ? "is only for environment: local"
        : "environment local needs the exchange's addresses";
      fault(["exchange"], text);
    }
    const symbols = new Map<string, number>();
    traders.forEach((each, k) => {
      const market = `${each.category} ${each.symbol}`;
      const other = symbols.get(market);
      if (other !== undefined) fault(["traders", k, "symbol"], `traders.${other} trades ${market} already`);
      symbols.set(market, k);
      const sizing = sizingOf(each.sizing);
      if (typeof sizing === "string") fault(["traders", k, "sizing"], sizing);
      else if (sizing.kind === "risk" && sizing.fraction > most.riskPerTradeFraction) {
        fault(["traders", k, "sizing"], `risks more than limits.riskPerTradeFraction (${most.riskPerTradeFraction})`);
      }
      if (each.category === "spot" && each.leverage !== 1) fault(["traders", k, "leverage"], "spot has no leverage");
      if (each.category === "spot" && each.side === "short") fault(["traders", k, "side"], "spot cannot be short");
    });
  });

/** The policy, or why there is none. */
function sizingOf(text: string): SizingPolicy | string {
  try {
    return parseSizing(text);
  } catch (error) {
    if (error instanceof ToolkitError) return error.message;
    throw error;
  }
}

/** A checked configuration with every default in place. */
export type Config = z.infer<typeof configSchema>;
export type TraderConfig = Config["traders"][number];
export type LimitsConfig = Config["limits"];

/** The schema editors understand, for `grimoire.config.yaml` and `.json`. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: "input" });
}
