import type { Gateway } from "../bybit/gateway.ts";
import { isAboutRules } from "../bybit/retcodes.ts";
import { ArgumentError, ToolkitError } from "../core/errors.ts";
import type { AccountReport } from "../engine/facts.ts";
import type { ApprovedRequest, BotQuery } from "../engine/requests.ts";
import type { UntimedInput } from "./outbox.ts";
import { pause } from "./pause.ts";
import { findOrder, lookAtAccount } from "./queries.ts";
import { sendRequest } from "./requests.ts";
import type { Rules } from "./rules.ts";

export interface ErrandsOptions {
  readonly gateway: Gateway;
  readonly settleCoin: string;
  readonly rules: Rules;
  readonly now: () => number;
  readonly tell: (input: UntimedInput) => void;
  readonly onReport: (report: AccountReport) => void;
  readonly onTrouble: (text: string) => void;
  /** Wait after so many questions in a row that got no answer, ms of this machine. */
  readonly waitMs: (failures: number) => number;
  /** Something went wrong that is no answer of the exchange. */
  readonly onMistake: (error: unknown) => void;
}

/** Requests and questions on their way to the exchange. Each ends in a fact that is told. */
export class Errands {
  readonly underWay = new Set<Promise<void>>();
  private readonly options: ErrandsOptions;
  private failures = 0;

  constructor(options: ErrandsOptions) {
    this.options = options;
  }

  send(id: string, request: ApprovedRequest): void {
    const { gateway, tell } = this.options;
    const sent = sendRequest(gateway, request).then((outcome) => {
      tell({ type: "answer", id, outcome });
      if (outcome.kind === "refused" && isAboutRules(outcome.code)) this.lookAtRules([request.symbol]);
    });
    void this.track(sent);
  }

  /** Asks for the rules of markets, unless that was done just now, and tells those that have changed. */
  lookAtRules(symbols: readonly string[]): void {
    const { rules, tell, onTrouble } = this.options;
    for (const symbol of symbols) {
      const looked = rules.look(symbol).then(
        (instrument) => {
          if (instrument) tell({ type: "rules", instrument });
        },
        (error: unknown) => {
          if (!(error instanceof ToolkitError)) throw error;
          onTrouble(`the rules of ${symbol} cannot be had: ${error.message}`);
        },
      );
      void this.track(looked);
    }
  }

  ask(query: BotQuery): void {
    void this.track(this.answer(query));
  }

  /** Keeps `work` among what is under way until it is done; its failure is a mistake. */
  track(work: Promise<void>): Promise<void> {
    const tracked = work.catch(this.options.onMistake).finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
    return tracked;
  }

  /** What is under way besides `work`. */
  besides(work: Promise<void> | null): Promise<void>[] {
    return [...this.underWay].filter((each) => each !== work);
  }

  private async answer(query: BotQuery): Promise<void> {
    const { gateway, settleCoin, now, tell, onReport, onTrouble } = this.options;
    try {
      if (query.kind === "order") {
        const found = await findOrder(gateway, query, settleCoin);
        this.failures = 0;
        tell({ type: "found", linkId: query.linkId, ...found });
        return;
      }
      const report = await lookAtAccount(gateway, query, { now: now(), settleCoin });
      this.failures = 0;
      onReport(report);
      tell({ type: "report", report });
    } catch (error) {
      if (!(error instanceof ToolkitError) || error instanceof ArgumentError) throw error;
      this.failures += 1;
      const waitMs = this.options.waitMs(this.failures);
      onTrouble(`the exchange did not say: ${error.message}; again in ${waitMs} ms`);
      await pause(waitMs);
      tell({ type: "queryFailed", query });
    }
  }
}
