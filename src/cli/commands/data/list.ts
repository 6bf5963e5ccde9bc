import type { Command } from "commander";
import { formatTime } from "../../../core/time.ts";
import { openCatalogue } from "../../../store/catalogue.ts";
import { marketsUnder } from "../../../store/market.ts";
import { type Io, jsonText } from "../../io.ts";
import { aligned, bytesText, type CommonOptions, catalogueRoot, grouped, withCommon } from "./shared.ts";

/** `grimoire data list` */
export function defineList(parent: Command, io: Io): void {
  withCommon(parent.command("list"))
    .description("what the catalogue holds")
    .addHelpText("after", "\nExamples:\n  grimoire data list\n  grimoire data list --dir /srv/market --json")
    .action((flags: CommonOptions) => runList(flags, io));
}

async function runList(flags: CommonOptions, io: Io): Promise<void> {
  const root = catalogueRoot(flags);
  const catalogue = openCatalogue(root);
  const series = await catalogue.list();
  const beside = [];
  for (const market of await marketsUnder(root)) {
    const funding = await catalogue.funding(market);
    const instrument = await catalogue.instrument(market);
    if (!funding && instrument === undefined) continue; // an empty folder
    beside.push({ ...market, funding: funding?.time.length ?? 0, instrument: instrument !== undefined });
  }
  if (flags.json) return io.out(jsonText({ dir: root, series, markets: beside }));
  if (series.length === 0 && beside.length === 0) {
    return io.out(`${root} holds no market data yet; see grimoire data import --help, or grimoire data generate`);
  }
  const rows = series.map((s) => [
    `${s.venue}/${s.category}/${s.symbol}`,
    s.kind === "trade" ? s.interval : `${s.interval} ${s.kind}`,
    grouped(s.bars),
    formatTime(s.from).slice(0, 10),
    formatTime(s.to).slice(0, 10),
    bytesText(s.bytes),
  ]);
  if (rows.length > 0)
    io.out(table([["market", "interval", "bars", "from", "to", "size"], ...rows], Math.min(80, io.columns)));
  for (const { venue, category, symbol, funding, instrument } of beside) {
    const parts = [funding > 0 && `${grouped(funding)} funding rates`, instrument && "instrument rules"].filter(
      Boolean,
    );
    if (parts.length > 0) io.out(`${venue}/${category}/${symbol}: ${parts.join(", ")}`);
  }
}

/** The size goes first when a long name needs the room. */
function table(rows: readonly (readonly string[])[], columns: number): string {
  const whole = aligned(rows, [2, 5]);
  if (Math.max(...whole.split("\n").map((line) => line.length)) <= columns) return whole;
  return aligned(
    rows.map((row) => row.slice(0, 5)),
    [2],
  );
}
