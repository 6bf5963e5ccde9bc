import { configJsonSchema } from "./schema.ts";

interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** The schema for editors, as the text of a file. */
export function schemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}

/** Every field with its default, range and meaning, as a Markdown table. */
export function configTable(): string {
  const rows = [...fieldsOf(configJsonSchema() as JsonSchema, "")];
  return ["| field | default | allowed | |", "|---|---|---|---|", ...rows, ""].join("\n");
}

function* fieldsOf(schema: JsonSchema, path: string): Generator<string> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (name === "$schema") continue;
    const at = path + name;
    if (field.items) yield* fieldsOf(field.items, `${at}[].`);
    else if (field.properties) yield* fieldsOf(field, `${at}.`);
    else yield `| \`${at}\` | ${defaultOf(field)} | ${rangeOf(field)} | ${field.description ?? ""} |`;
  }
}

function defaultOf({ default: value }: JsonSchema): string {
  return value === undefined ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function rangeOf(field: JsonSchema): string {
  if (field.enum) return field.enum.join(" ");
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = field;
  const parts = [
    exclusiveMinimum !== undefined && `> ${exclusiveMinimum}`,
    minimum !== undefined && `≥ ${minimum}`,
    exclusiveMaximum !== undefined && `< ${exclusiveMaximum}`,
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `≤ ${maximum}`,
  ];
  return parts.filter(Boolean).join(", ") || (field.type ?? "");
}
