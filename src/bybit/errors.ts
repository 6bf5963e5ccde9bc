import { OutcomeUnknown, VenueRejection, VenueUnreachable } from "../core/errors.ts";
import { retCodeInfo } from "./retcodes.ts";

/** The exchange said no, and meant it: nothing was done. `code` is `RETCODE_` and its number. */
export class ExchangeRefused extends VenueRejection {
  readonly retCode: number;
  /** The exchange's own words. */
  readonly retMsg: string;
  readonly meaning: string;
  readonly advice: string;

  constructor(name: string, retCode: number, retMsg: string, details: Readonly<Record<string, unknown>> = {}) {
    const { meaning, advice } = retCodeInfo(retCode);
    const words = retMsg === "" ? "" : ` (${retMsg})`;
    super(`RETCODE_${retCode}`, `${name} refused with ${retCode}: ${meaning}${words}; ${advice}`, {
      function: name,
      retCode,
      retMsg,
      ...details,
    });
    this.retCode = retCode;
    this.retMsg = retMsg;
    this.meaning = meaning;
    this.advice = advice;
  }
}

/** Nothing left this machine. @param cause a code such as `ECONNREFUSED` */
export function unreachable(name: string, cause: string, where: string): VenueUnreachable {
  return new VenueUnreachable("NOT_SENT", `${name} was not sent: no connection to ${where} (${cause}); try again`, {
    function: name,
    cause,
  });
}

/** It was sent, and no answer came that tells what became of it. */
export function unknownOutcome(name: string, cause: string, isRead: boolean): OutcomeUnknown {
  const advice = isRead
    ? "ask again"
    : "it may have been done: look the order or position up before anything else, never send it under another id";
  return new OutcomeUnknown("NO_ANSWER", `${name} was sent and has no answer (${cause}); ${advice}`, {
    function: name,
    cause,
  });
}
