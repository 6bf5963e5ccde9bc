/** One file of a new project. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
  /** Permissions; default 0644. */
  readonly mode?: number;
}

export interface ProjectOptions {
  readonly name: string;
  /** Version of this package. */
  readonly version: string;
  /** Port of the local exchange. */
  readonly port: number;
  /** Key of the local exchange; opens nothing else. */
  readonly demoKey: { readonly apiKey: string; readonly apiSecret: string };
}

/** What `grimoire init` writes: a project that runs against the local exchange, and later against Bybit. */
export function projectFiles({ name, version, port, demoKey }: ProjectOptions): ProjectFile[] {
  return [
    {
      path: "grimoire.config.yaml",
      text: `# yaml-language-server: $schema=node_modules/bybit-grimoire/docs/config.schema.json
# Every field and its default: docs/guide/config.md. Unknown fields are errors.

environment: local # then testnet, demo, and last mainnet
exchange: # only for local; started with: npm run exchange
  rest: http://127.0.0.1:${port}
  ws: ws://127.0.0.1:${port}

traders:
  - strategy: ./strategies/pullback.ts
    symbol: BTCUSDT
    interval: "15"
    sizing: risk:0.01 # a stopped trade loses 1 % of equity
    leverage: 3 # caps the notional, never multiplies the risk

limits:
  maxDailyLossFraction: 0.05
  maxOpenPositions: 1
  maxPositionQuote: 30000 # larger entries are refused, never cut
`,
    },
    {
      path: "strategies/pullback.ts",
      text: `import { defineStrategy, float, int } from "bybit-grimoire";

/** Buys when the price comes back above a fast average in a rising market, with a stop some average ranges away. */
export default defineStrategy({
  name: "pullback",
  params: {
    fast: int(20, { min: 5, max: 60 }),
    slow: int(100, { min: 60, max: 300 }),
    stopRanges: float(3, { min: 1, max: 6 }),
  },
  rules: ({ close, ema, atr, distance }, p) => ({
    enterLong: close.crossesAbove(ema(close, p.fast)).and(close.above(ema(close, p.slow))),
    exitLong: close.below(ema(close, p.slow)),
    stopLoss: distance(atr(14).times(p.stopRanges)),
  }),
});
`,
    },
    {
      path: ".env",
      mode: 0o600,
      text: `# Only you can read this file (mode 0600), and it stays out of git.
# The key of the local exchange (seed 1). It opens nothing else.
BYBIT_LOCAL_API_KEY=${demoKey.apiKey}
BYBIT_LOCAL_API_SECRET=${demoKey.apiSecret}
`,
    },
    {
      path: ".env.example",
      text: `# Copy to .env, chmod 600 .env, and fill in what you use. Never let a key withdraw or transfer.
BYBIT_LOCAL_API_KEY=
BYBIT_LOCAL_API_SECRET=
BYBIT_TESTNET_API_KEY=
BYBIT_TESTNET_API_SECRET=
# or an RSA key: BYBIT_TESTNET_API_PRIVATE_KEY_FILE=key.pem (mode 0600)
`,
    },
    {
      path: ".gitignore",
      text: ["node_modules/", ".env", "*.pem", "data/", "*.sqlite*", "*.log", ""].join("\n"),
    },
    {
      path: "package.json",
      text: `${JSON.stringify(
        {
          name,
          private: true,
          type: "module",
          scripts: {
            exchange: `grimoire exchange --port ${port} --balance USDT=10000`,
            optimize: "grimoire optimize --strategy ./strategies/pullback.ts --data BTCUSDT --interval 15",
            doctor: "grimoire doctor",
            trade: "grimoire trade",
          },
          dependencies: { "bybit-grimoire": `^${version}` },
        },
        null,
        2,
      )}\n`,
    },
    {
      path: "tsconfig.json",
      text: `${JSON.stringify(
        {
          compilerOptions: {
            module: "nodenext",
            target: "es2024",
            strict: true,
            noEmit: true,
            allowImportingTsExtensions: true,
          },
        },
        null,
        2,
      )}\n`,
    },
  ];
}
