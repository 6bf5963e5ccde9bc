import { UNSERVED } from "./endpoints/unserved.ts";
import { PUBLIC_TOPICS } from "./feed/topics.ts";
import type { Route } from "./gateway/route.ts";
import { PRIVATE_TOPICS } from "./sockets/private.ts";
import { SOCKET_PATHS } from "./sockets/server.ts";
import { TRADE_OPERATIONS } from "./sockets/trade.ts";

/** The page that lists every endpoint and topic: served, partly, not. Made from the code that serves them. */
export function endpointTable(routes: readonly Route[]): string {
  const lines = [
    "# Endpoints of the local exchange",
    "",
    "Written by `node scripts/exchange-endpoints.ts` from the code that serves them; a test fails when it is out of date.",
    "",
    "## REST",
    "",
    "| endpoint | state | limit | note |",
    "|---|---|---|---|",
    ...routes.map((route) =>
      row([`\`${route.method} ${route.path}\``, route.status, limitText(route), route.note ?? ""]),
    ),
    "",
    "## WebSocket",
    "",
    "| topic or operation | socket | state | note |",
    "|---|---|---|---|",
    ...PUBLIC_TOPICS.map(({ pattern, note }) =>
      row([`\`${pattern}\``, "`/v5/public/{linear,inverse,spot}`", "served", note]),
    ),
    ...PRIVATE_TOPICS.map(({ name, categorised, note }) => {
      const forms = categorised ? `\`${name}\`, \`${name}.{linear,inverse,spot}\`` : `\`${name}\``;
      return row([forms, `\`${SOCKET_PATHS.private}\``, "served", note ?? ""]);
    }),
    ...Object.keys(TRADE_OPERATIONS).map((op) => row([`\`${op}\``, `\`${SOCKET_PATHS.trade}\``, "served", ""])),
    "",
    "## Not served",
    "",
    "Answered with HTTP 404 and retCode 10017, or as an unknown topic.",
    "",
    "| endpoint or topic | why |",
    "|---|---|",
    ...UNSERVED.map(({ name, why }) => row([`\`${name}\``, why])),
    "",
  ];
  return lines.join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll(/(?<=`[^`]*)\|(?=[^`]*`)/g, "\\|")).join(" | ")} |`;
}

function limitText({ limit, access }: Route): string {
  if (!limit) return access === "public" ? "" : "address only";
  const per = limit.windowMs === undefined ? "s" : `${limit.windowMs / 1_000} s`;
  if (typeof limit.perWindow === "number") return `${limit.perWindow}/${per}`;
  const { linear, inverse, spot } = limit.perWindow;
  return linear === inverse && inverse === spot ? `${linear}/${per}` : `${linear}/${per}, spot ${spot}/${per}`;
}
