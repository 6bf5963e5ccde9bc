import { type Command, Option } from "commander";
import type { OpenInterestPeriod } from "../../../bybit/history.ts";
import { bybitHosts, type Hosts } from "../../../bybit/hosts.ts";
import { ArgumentError } from "../../../core/errors.ts";
import { formatTime, type Interval, parseInterval } from "../../../core/time.ts";
import { progress } from "../../../report/progress.ts";
import { openCatalogue } from "../../../store/catalogue.ts";
import { CATEGORIES, type Market } from "../../../store/market.ts";
import { DOWNLOADS, type Download, type DownloadReport, downloadMarket } from "../../download.ts";
import { type Io, jsonText } from "../../io.ts";
import { readVenue, type VenueFlags, withVenueOptions } from "../../venue-options.ts";
import { type CommonOptions, catalogueRoot, counted, grouped, positive, rangeOption, withCommon } from "./shared.ts";

interface DownloadFlags extends CommonOptions, VenueFlags {
  readonly interval: string;
  readonly category: Market["category"];
  readonly from?: string;
  readonly to?: string;
  readonly what: string;
  readonly period: OpenInterestPeriod;
  readonly share: string;
}

const USUAL: readonly Download[] = ["bars", "funding", "instrument"];
/** Public data of demo is that of mainnet; testnet's prices are nobody's, and kept apart. */
const VENUES = { mainnet: "bybit", demo: "bybit", testnet: "bybit-testnet", local: "local" } as const;
const SHOWN_GAPS = 5;

/** `grimoire data download SYMBOL… --interval 60 --from 2024-01-01` */
export function defineDownload(parent: Command, io: Io): void {
  const command = withVenueOptions(withCommon(parent.command("download")));
  command
    .description("bars, funding and rules from the exchange into the catalogue")
    .argument("<symbol...>", "such as BTCUSDT")
    .option("--interval <name>", "of the bars: 1, 5, 15, 60 or 1h, 240, D", "60")
    .addOption(new Option("--category <name>", "kind of market").choices(CATEGORIES).default("linear"))
    .option("--from <time>", "2024-01-01 (default: since the market began)")
    .option("--to <time>", "exclusive (default: now)")
    .option("--what <list>", `${DOWNLOADS.join(",")} or all`, USUAL.join(","))
    .addOption(
      new Option("--period <name>", "of open interest")
        .choices(["5min", "15min", "30min", "1h", "4h", "1d"])
        .default("1h"),
    )
    .option("--share <fraction>", "of the requests this address may make; less while a bot runs on it", "1")
    .addHelpText(
      "after",
      `
Needs no key. Asks mainnet unless --environment or --url says else, or the
configuration names a local exchange. Only closed bars are kept; what is stored already is not asked for again. Each month is
written in one step: stopped or killed, run it again and it does the rest.

Examples:
  grimoire data download BTCUSDT ETHUSDT --interval 60 --from 2022-01-01
  grimoire data download BTCUSDT --interval 1 --from 2024-01-01 --to 2025-01-01 --what bars,mark
  grimoire data download BTCUSDT --category spot --what bars
  grimoire data download BTCUSDT --url http://127.0.0.1:8080 --what all`,
    )
    .action((symbols: string[], flags: DownloadFlags) => runDownload(symbols, flags, io));
}

/** Where prices come from: what the flags say, a configured local exchange, else mainnet. */
function sourceOf(flags: DownloadFlags): Hosts {
  const { hosts } = readVenue(flags, process.cwd(), {});
  const isTold = flags.url !== undefined || flags.environment !== undefined || hosts.environment === "local";
  return isTold ? hosts : bybitHosts("mainnet");
}

async function runDownload(symbols: readonly string[], flags: DownloadFlags, io: Io): Promise<void> {
  const interval = parseInterval(flags.interval);
  const range = rangeOption(flags);
  const what = whatOf(flags);
  const hosts = sourceOf(flags);
  const { openGateway } = await import("../../../bybit/gateway.ts");
  let requests = 0;
  const gateway = openGateway({ hosts, limitScale: shareOf(flags.share), onCall: () => void requests++ });
  const catalogue = openCatalogue(catalogueRoot(flags));
  const started = performance.now();
  const reports: DownloadReport[] = [];
  let bar: { label: string; drawn: ReturnType<typeof progress> } | undefined;
  try {
    for (const symbol of new Set(symbols)) {
      const market: Market = { venue: VENUES[hosts.environment], category: flags.category, symbol };
      const report = await downloadMarket(
        { market, what, interval, period: flags.period, ...range },
        {
          gateway,
          catalogue,
          signal: io.signal,
          onProgress(label, done, total) {
            if (bar?.label !== label) {
              bar?.drawn.stop();
              bar = { label, drawn: progress(label, total) };
            }
            bar.drawn.update(done, "bars");
          },
        },
      );
      bar?.drawn.stop();
      reports.push(report);
      if (!flags.json) io.out(lines(report, interval));
    }
  } catch (error) {
    bar?.drawn.stop();
    if (!io.signal.aborted) throw error;
    io.err("stopped; every month is whole, run it again to do the rest");
  } finally {
    bar?.drawn.stop();
    gateway.close();
  }
  const elapsedMs = Math.round(performance.now() - started);
  const requestsPerSecond = Math.round((requests / elapsedMs) * 100_000) / 100;
  if (flags.json) {
    return io.out(
      jsonText({
        dir: catalogue.root,
        markets: reports,
        requests,
        elapsedMs,
        requestsPerSecond,
        interrupted: io.signal.aborted,
      }),
    );
  }
  if (!io.signal.aborted) io.out(`${counted(requests, "request")} in ${(elapsedMs / 1_000).toFixed(1)} s`);
}

/** @throws ArgumentError `NUMBER` */
function shareOf(text: string): number {
  const share = positive("--share", text);
  if (share <= 1) return share;
  throw new ArgumentError("NUMBER", `--share is a fraction of the limit, at most 1, was ${text}`, { share });
}

function whatOf({ what, category }: DownloadFlags): ReadonlySet<Download> {
  const served = DOWNLOADS.filter((kind) => {
    if (category === "spot") return kind === "bars" || kind === "instrument";
    return category === "linear" || kind !== "premium";
  });
  if (what === "all") return new Set(served);
  if (what === USUAL.join(",")) return new Set(USUAL.filter((kind) => served.includes(kind)));
  const names = what.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !(DOWNLOADS as readonly string[]).includes(name));
  if (wrong === undefined) return new Set(names as Download[]);
  throw new ArgumentError("WHAT", `--what knows ${DOWNLOADS.join(", ")} and all, was ${JSON.stringify(wrong)}`, {
    what,
  });
}

function lines(report: DownloadReport, interval: Interval): string {
  const out = [`${report.venue}/${report.category}/${report.symbol}`];
  for (const { kind, bars, added, from, to, gaps, missing } of report.series) {
    const name = `${interval}${kind === "trade" ? "" : ` ${kind}`}`;
    if (from === null || to === null) {
      out.push(`  ${name}: the exchange has none in that span`);
      continue;
    }
    out.push(`  ${name}: ${counted(bars, "bar")}, ${formatTime(from)} to ${formatTime(to)}; ${grouped(added)} new`);
    if (gaps.length === 0) continue;
    out.push(`    ${counted(gaps.length, "gap")}, ${counted(missing, "bar")} the exchange does not have`);
    for (const gap of gaps.slice(0, SHOWN_GAPS)) out.push(`      ${formatTime(gap.from)}  ${counted(gap.bars, "bar")}`);
  }
  if (report.funding !== undefined) out.push(`  funding: ${counted(report.funding, "settlement")} new`);
  if (report.openInterest)
    out.push(`  open interest, ${report.openInterest.period}: ${counted(report.openInterest.added, "row")} new`);
  if (report.hasInstrument) out.push("  rules of the market");
  return out.join("\n");
}
