import { join } from "node:path";
import { catalogueRoot } from "./commands/data/shared.ts";

/** The file of studies: `--storage`, or `studies.sqlite` beside the market data. */
export function studiesFile(options: { readonly storage?: string; readonly dir?: string }): string {
  return options.storage ?? join(catalogueRoot(options), "studies.sqlite");
}
