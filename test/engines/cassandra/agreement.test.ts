/** Who is asked whether the schema is everywhere, and who is passed over. */
import { expect, test } from "vitest";
import { allAgree, reachedAgree } from "../../../src/engines/cassandra/agreement.ts";

type Node = {
  readonly address: string;
  readonly version: string | undefined;
  readonly up?: boolean;
};

/** A driver connected to these nodes; the first one's peers say of the others what `told` says, else the truth. */
function driverOf(nodes: readonly Node[], told: Readonly<Record<string, string>> = {}): never {
  const hosts = nodes.map(({ address, up = true }) => ({
    address: `${address}:9042`,
    isUp: () => up,
  }));
  return {
    getState: () => ({ getConnectedHosts: () => hosts.filter((host) => host.isUp()) }),
    hosts: {
      length: hosts.length,
      get: (address: string) => hosts.find((host) => host.address === address),
    },
    execute: async (query: string, _params: unknown, { host }: { host: { address: string } }) => {
      const asked = nodes.find(({ address }) => `${address}:9042` === host.address);
      if (asked?.version === undefined) throw new Error("no answer");
      if (query.includes("system.local")) return { rows: [{ schema_version: asked.version }] };
      const peers = nodes.filter((node) => node !== asked);
      return {
        rows: peers.map(({ address, version }) => ({
          rpc_address: address,
          schema_version: told[address] ?? version,
        })),
      };
    },
  } as never;
}

const one = { address: "10.0.0.1", version: "a" };

test("a lone node agrees with itself", async () => {
  expect(await allAgree(driverOf([one]))).toBe(true);
});

test("all nodes count, also those that the driver has no connection to, but not those that are down", async () => {
  const other = { address: "10.0.0.2", version: "b" };
  expect(await allAgree(driverOf([one, other]))).toBe(false);
  expect(await allAgree(driverOf([one, { ...other, up: false }]))).toBe(true);
  expect(await allAgree(driverOf([one, { ...other, version: "a" }]))).toBe(true);
});

test("a node that hangs keeps the others from agreeing only as long as all are waited for", async () => {
  const driver = driverOf([one, { address: "10.0.0.2", version: undefined }], {
    "10.0.0.2": "old",
  });
  expect(await allAgree(driver)).toBe(false);
  expect(await reachedAgree(driver)).toBe(true);
  const third = { address: "10.0.0.3", version: "b" };
  expect(await reachedAgree(driverOf([one, third]))).toBe(false);
});

test("hearsay that lags is not taken for agreement", async () => {
  const told = { "10.0.0.1": "a", "10.0.0.2": "a" };
  expect(await allAgree(driverOf([one, { address: "10.0.0.2", version: "b" }], told))).toBe(false);
});
