import type { Series } from "../series.ts";

/** The volume indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface VolumeFunctions {

}
