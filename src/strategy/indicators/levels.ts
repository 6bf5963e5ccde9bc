import type { Series } from "../series.ts";

/** The levels indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface LevelsFunctions {

}
