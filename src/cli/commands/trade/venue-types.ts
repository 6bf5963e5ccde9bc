import type { Hosts } from "../../../bybit/hosts.ts";
import type { Credentials } from "../../../config/credentials.ts";
import type { LiveFlags } from "../../live-names.ts";

/** Options that say which exchange, and how its time runs. */
export interface VenueOptions extends Pick<LiveFlags, "from" | "fromUrl"> {
  readonly url?: string;
  readonly market?: readonly string[];
  readonly dir?: string;
  readonly speed?: string;
  readonly start?: string;
  readonly until?: string;
  readonly seed?: string;
  readonly cash?: string;
}

/** The exchange a bot trades on. */
export interface TradeVenue {
  readonly hosts: Hosts;
  readonly credentials: Credentials;
  readonly pace: "real" | number | "step";
  /** Exchange time at which the bot ends by itself; `null`: never. */
  readonly until: number | null;
  /** It runs in this process and ends with it: nothing of it is there at the next start. */
  readonly isOwn: boolean;
  close(): Promise<void>;
}
