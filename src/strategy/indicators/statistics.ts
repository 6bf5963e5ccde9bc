import type { Series } from "../series.ts";

/** The statistics indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface StatisticsFunctions {

}
