import { describe, expect, it } from "vitest";
import { bybitHosts, localHosts } from "../../src/bybit/hosts.ts";

describe("bybitHosts", () => {
  it("keeps the networks apart", () => {
    expect(bybitHosts("testnet")).toMatchObject({
      rest: "https://api-testnet.bybit.com",
      orders: "wss://stream-testnet.bybit.com/v5/trade",
      streams: { linear: "wss://stream-testnet.bybit.com/v5/public/linear" },
    });
    const all = JSON.stringify(bybitHosts("mainnet"));
    expect(all).not.toMatch(/testnet|demo/);
  });

  it("takes demo's prices from mainnet and has no order entry by socket there", () => {
    const { streams, orders, rest } = bybitHosts("demo");
    expect(streams.linear).toBe("wss://stream.bybit.com/v5/public/linear");
    expect(streams.private).toBe("wss://stream-demo.bybit.com/v5/private");
    expect([orders, rest]).toEqual([null, "https://api-demo.bybit.com"]);
  });
});

describe("localHosts", () => {
  it("is on this machine", () => {
    expect(localHosts({ rest: "http://127.0.0.1:8080/", ws: "ws://localhost:8080" })).toMatchObject({
      environment: "local",
      rest: "http://127.0.0.1:8080",
      streams: { private: "ws://localhost:8080/v5/private" },
    });
  });

  it.each(["https://api.bybit.com", "http://10.0.0.1:80", "http://127.0.0.1.evil.com", "nowhere", "ftp://127.0.0.1"])(
    "refuses %s",
    (rest) => {
      expect(() => localHosts({ rest, ws: "ws://127.0.0.1:1" })).toThrow(
        expect.objectContaining({ code: "LOCAL_ADDRESS" }),
      );
    },
  );
});
