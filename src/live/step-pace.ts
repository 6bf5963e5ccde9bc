import { VenueUnreachable } from "../core/errors.ts";

/**
 * Lets the time of a local exchange that stands still pass until `time`, epoch ms; returns its time then.
 *
 * @throws VenueUnreachable `STEP` when it cannot be moved
 */
export async function stepTo(rest: string, time: number): Promise<number> {
  const unreachable = (why: string, cause?: unknown) =>
    new VenueUnreachable("STEP", `the exchange at ${rest} cannot be moved on: ${why}`, { time }, cause);
  let reply: Response;
  try {
    reply = await fetch(`${rest}/control/step`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ until: time }),
    });
  } catch (error) {
    throw unreachable((error as Error).message, error);
  }
  const answer = (await reply.json()) as { time?: unknown };
  if (typeof answer.time !== "number") throw unreachable(`it answered ${JSON.stringify(answer)}`);
  return answer.time;
}
