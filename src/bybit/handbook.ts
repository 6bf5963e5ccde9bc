import type { ApiFunction, Group, RateRule } from "./catalogue/entry.ts";
import { GROUPS } from "./catalogue/entry.ts";
import { REMOVED } from "./catalogue/removed.ts";
import { camelName, FUNCTION_NAMES, FUNCTIONS, type FunctionName, pybitNameOf } from "./catalogue.ts";
import { type ParamInfo, paramsOf } from "./describe.ts";

const EFFECTS = {
  reads: "reads",
  trades: "trades",
  sets: "changes a setting",
  moves: "moves money",
} as const;

const AGAIN = {
  read: "always",
  orderLinkId: "under the same orderLinkId",
  absolute: "twice is no different from once",
  never: "never: each one adds up",
} as const;

/** A function as one JSON-ready record. */
export function functionRecord(name: FunctionName) {
  const fn: ApiFunction = FUNCTIONS[name];
  const { group, method, path, summary, auth, effect, idempotency, categories, rate, aliases, note, example } = fn;
  return {
    name,
    camelName: camelName(name),
    pybitName: pybitNameOf(name),
    group,
    method,
    path,
    summary,
    auth,
    effect,
    idempotency,
    categories: categories ?? null,
    rate: rate ?? null,
    params: paramsOf(fn).map((info) => paramRecord(info)),
    example,
    aliases: aliases ?? [],
    note: note ?? null,
  };
}

function paramRecord({ name, isRequired, kind, limits, description, items }: ParamInfo): Record<string, unknown> {
  return {
    name,
    isRequired,
    kind,
    limits,
    description,
    ...(items.length > 0 && { items: items.map((item) => paramRecord(item)) }),
  };
}

/** Names of one group, in the order of the catalogue. */
export function namesIn(group: Group): FunctionName[] {
  return FUNCTION_NAMES.filter((name) => FUNCTIONS[name].group === group);
}

/** Help on one function, for a terminal. */
export function functionHelp(name: FunctionName): string {
  const fn: ApiFunction = FUNCTIONS[name];
  const infos = paramsOf(fn);
  const lines = [`${name}: ${fn.summary}`, "", ...factLines(name, fn), ""];
  if (infos.length === 0) lines.push("It takes no parameters.");
  else lines.push("Parameters (* needed)", ...paramLines(infos, "  "));
  for (const info of infos) {
    if (info.items.length > 0) lines.push("", `Each item of ${info.name}`, ...paramLines(info.items, "  "));
  }
  if (fn.note !== undefined) lines.push("", fn.note);
  lines.push("", "Example:", `  grimoire api ${name}${exampleWords(fn)}`);
  return lines.join("\n");
}

function factLines(name: FunctionName, fn: ApiFunction): string[] {
  const names = [camelName(name), ...(fn.aliases ?? [])].join(", ");
  return [
    `  request      ${fn.method} ${fn.path}`,
    `  also called  ${names}`,
    `  key          ${fn.auth === "none" ? "not needed" : "needed"}`,
    `  effect       ${EFFECTS[fn.effect]}`,
    `  send again   ${AGAIN[fn.idempotency]}`,
    `  limit        ${rateText(fn.rate)}`,
    ...(fn.categories ? [`  markets      ${fn.categories.join(" ")}`] : []),
  ];
}

function paramLines(infos: readonly ParamInfo[], indent: string): string[] {
  const width = Math.max(...infos.map((info) => info.name.length)) + 1;
  return infos.map((info) => {
    const name = `${info.name}${info.isRequired ? "*" : ""}`.padEnd(width);
    const limits = info.limits === "" ? info.kind : info.kind === "word" ? info.limits : `${info.kind} ${info.limits}`;
    return `${indent}${name}  ${info.description} (${limits})`;
  });
}

/** ` category=linear symbol=BTCUSDT`, quoted where a shell would stumble. */
export function exampleWords(fn: Pick<ApiFunction, "example">): string {
  const words = Object.entries(fn.example).map(([name, value]) => {
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return /^[\w.,:-]*$/.test(text) ? `${name}=${text}` : `${name}='${text}'`;
  });
  return words.map((word) => ` ${word}`).join("");
}

/** `10/s, spot 20/s`. */
export function rateText(rate: RateRule | undefined): string {
  if (!rate) return "600 in 5 s per address, as all";
  const { perWindow, windowMs } = rate;
  const per = windowMs === 1_000 ? "s" : windowMs === 60_000 ? "min" : `${windowMs / 1_000} s`;
  if (perWindow.all !== undefined) return `${perWindow.all}/${per}`;
  const counts = Object.entries(perWindow);
  const usual = perWindow.linear;
  const others = counts.filter(([, count]) => count !== usual).map(([kind, count]) => `${kind} ${count}/${per}`);
  return [`${usual}/${per}`, ...others].join(", ");
}

/** The reference page: every function, every parameter, every old name. */
export function handbookPage(): string {
  const lines = [
    "# The handbook",
    "",
    "Every function of the exchange that can be called. Written by `node scripts/handbook.ts` from the catalogue in",
    "`src/bybit/catalogue/`; a test fails when it is out of date.",
    "",
    "    grimoire api get_kline category=linear symbol=BTCUSDT interval=60 limit=5",
    "    grimoire api place_order --help",
    "",
    "Names are pybit's; `getKline` does as well as `get_kline`. Decimals are text, times are epoch milliseconds (on the",
    "command line a day such as 2025-01-31 will do). `*` marks what is needed.",
    "",
  ];
  for (const group of GROUPS) {
    lines.push(`- [${group}](#${group}): ${namesIn(group).length} functions`);
  }
  lines.push("- [names that are no more](#names-that-are-no-more)", "");
  for (const group of GROUPS) {
    lines.push(`## ${group}`, "");
    for (const name of namesIn(group)) lines.push(...section(name));
  }
  lines.push("## names that are no more", "", "| name | | instead |", "|---|---|---|");
  for (const [name, { fate, instead }] of Object.entries(REMOVED)) lines.push(`| \`${name}\` | ${fate} | ${instead} |`);
  return `${lines.join("\n")}\n`;
}

function section(name: FunctionName): string[] {
  const fn: ApiFunction = FUNCTIONS[name];
  const infos = paramsOf(fn);
  const facts = [
    `\`${fn.method} ${fn.path}\``,
    fn.auth === "none" ? "no key" : "key",
    EFFECTS[fn.effect],
    rateText(fn.rate),
    ...(fn.effect === "reads" ? [] : [`send again: ${AGAIN[fn.idempotency]}`]),
    ...(fn.categories ? [fn.categories.join(" ")] : []),
    ...(fn.aliases ? [`also \`${fn.aliases.join("`, `")}\``] : []),
  ];
  return [
    `### ${name}`,
    "",
    `${fn.summary[0]!.toUpperCase()}${fn.summary.slice(1)}.${fn.note === undefined ? "" : ` ${fn.note}`}`,
    "",
    facts.join(" · "),
    "",
    ...(infos.length > 0 ? ["| parameter | what | allowed |", "|---|---|---|", ...rowsOf(infos, ""), ""] : []),
    `    grimoire api ${name}${exampleWords(fn)}`,
    "",
  ];
}

function rowsOf(infos: readonly ParamInfo[], prefix: string): string[] {
  return infos.flatMap((info) => {
    const allowed = info.kind === "word" ? info.limits : [info.kind, info.limits].filter(Boolean).join(", ");
    const row = `| \`${prefix}${info.name}\`${info.isRequired ? "*" : ""} | ${info.description} | ${allowed} |`;
    return [row, ...rowsOf(info.items, `${prefix}${info.name}[].`)];
  });
}
