import { ArgumentError } from "../../../core/errors.ts";
import type { Io } from "../../io.ts";
import { number, planLanes, readSetup, type SetupFlags } from "../../trader-setup.ts";
import { confirmRealMoney } from "./confirm.ts";
import { type Mode, modeOf } from "./modes.ts";
import { type ReplayFlags, runReplay } from "./replay.ts";
import { type RunFlags, runBot } from "./run.ts";
import type { TradeTools } from "./tools.ts";

/** What was typed. */
export interface TradeFlags extends SetupFlags, RunFlags, ReplayFlags {
  readonly mode?: Mode;
  readonly yesRealMoney?: boolean;
  readonly slippageBps: string;
  readonly json?: boolean;
}

/** What the command does, with whatever tools. */
export async function runTrade(flags: TradeFlags, io: Io, tools: TradeTools): Promise<void> {
  const setup = readSetup({ ...flags, ...roomOf(flags) }, process.cwd());
  const mode = modeOf(flags.mode, setup);
  const lanes = planLanes(setup);
  if (mode === "replay") return runReplay({ setup, lanes, flags }, io, tools);
  if (flags.data !== undefined)
    throw new ArgumentError("OPTION", `--data is for --mode replay; ${mode} takes --market`);
  if (mode === "live") {
    const { question } = tools;
    await confirmRealMoney(setup.config.account, { isSaid: flags.yesRealMoney === true, question, signal: io.signal });
  }
  return runBot({ mode, setup, lanes, flags }, io, tools);
}

/** With play money nobody is to be held back by a limit made for small accounts: ten times what leverage allows. */
function roomOf({ strategy, mode = "paper", maxPosition, cash, leverage }: TradeFlags): { maxPosition?: string } {
  if (strategy === undefined || maxPosition !== undefined || (mode !== "paper" && mode !== "replay")) return {};
  const quote = 10 * number("cash", cash ?? "10000") * number("leverage", leverage ?? "1");
  return quote > 0 ? { maxPosition: String(quote) } : {};
}
