/** The exchange for programs: the gateway, its catalogue of functions, and the streams. */
export type { ApiFunction, Effect, Idempotency } from "./catalogue/entry.ts";
export {
  type CamelName,
  FUNCTIONS,
  type FunctionName,
  functionOf,
  type ParamsOf,
  type ResultOf,
} from "./catalogue.ts";
export { ExchangeRefused } from "./errors.ts";
export { type CallEvent, type CallOptions, type Gateway, type GatewayOptions, openGateway } from "./gateway.ts";
export { fetchBars, fetchFunding, fetchOpenInterest } from "./history.ts";
export { bybitHosts, type Hosts, localHosts } from "./hosts.ts";
export { fetchInstrument } from "./instruments.ts";
export { rowsOf } from "./pages.ts";
export { type Finding, preflight } from "./preflight.ts";
export type { ApiCredentials } from "./signer.ts";
export { type StreamEvent, Streams } from "./streams.ts";
