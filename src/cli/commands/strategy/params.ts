import type { Command } from "commander";
import { ArgumentError } from "../../../core/errors.ts";

export function withParams(command: Command): Command {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  return command.option("--param <name=value>", "set a parameter; may be repeated", collect);
}

/** `["a=1", "b=x"]` as an object. @throws ArgumentError `PARAM_SYNTAX` */
export function parseParams(words: readonly string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1)
      throw new ArgumentError("PARAM_SYNTAX", `--param needs name=value, was ${JSON.stringify(word)}`, { word });
    given[word.slice(0, at)] = word.slice(at + 1);
  }
  return given;
}
