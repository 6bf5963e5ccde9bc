import { ArgumentError, ConfigError } from "../../../core/errors.ts";
import type { TradeTools } from "./tools.ts";

/**
 * Real money is traded only when somebody said so, this time: by option, or by typing the account's name.
 *
 * @throws ArgumentError `REAL_MONEY` where nobody can be asked; ConfigError `NOT_CONFIRMED` when another name was typed
 */
export async function confirmRealMoney(
  account: string,
  { isSaid, question, signal }: { isSaid: boolean; question: TradeTools["question"]; signal: AbortSignal },
): Promise<void> {
  if (isSaid) return;
  if (question === null) {
    const message = "--mode live trades real money; say so with --yes-real-money, or start it in a terminal";
    throw new ArgumentError("REAL_MONEY", message);
  }
  const typed = await question(`This trades REAL MONEY. Type the account's name (${account}) to go on: `, signal);
  if (typed.trim() === account) return;
  throw new ConfigError("NOT_CONFIRMED", `${JSON.stringify(typed)} is not ${account}; nothing was started`);
}
