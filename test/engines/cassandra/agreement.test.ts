/** Who is asked whether the schema is everywhere, and for how long one that does not answer counts. */
import { expect, test } from "vitest";
import { allAgree, reachedAgree } from "../../../src/engines/cassandra/agreement.ts";

type Node = {
  readonly address: string;
  readonly version: string | undefined;
  readonly connected?: boolean;
};

/** A driver of these nodes; the first one's peers say of the others what `told` says, else the truth. */
function driverOf(nodes: readonly Node[], told: Readonly<Record<string, string>> = {}): never {
  const hosts = nodes
    .filter(({ connected = true }) => connected)
    .map(({ address }) => ({ address: `${address}:9042` }));
  return {
    getState: () => ({ getConnectedHosts: () => hosts }),
    execute: async (query: string, _params: unknown, { host }: { host: { address: string } }) => {
      const asked = nodes.find(({ address }) => `${address}:9042` === host.address);
      if (asked?.version === undefined) throw new Error("no answer");
      if (query.includes("system.local")) return { rows: [{ schema_version: asked.version }] };
      const peers = nodes.filter((node) => node !== asked);
      return {
        rows: peers.map(({ address, version }) => ({ schema_version: told[address] ?? version })),
      };
    },
  } as never;
}

const one = { address: "10.0.0.1", version: "a" };

test("a lone node agrees with itself", async () => {
  expect(await allAgree(driverOf([one]))).toBe(true);
});

test("all nodes count, also those that the driver has no connection to", async () => {
  const other = { address: "10.0.0.2", version: "b" };
  expect(await allAgree(driverOf([one, other]))).toBe(false);
  expect(await allAgree(driverOf([one, { ...other, connected: false }]))).toBe(false);
  expect(await allAgree(driverOf([one, { ...other, version: "a", connected: false }]))).toBe(true);
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
