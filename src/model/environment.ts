/** Where orders go. `local` is an exchange on this machine; `demo` trades fake money at real prices. */
export const ENVIRONMENTS = ["local", "testnet", "demo", "mainnet"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
