/**
 * PUT-3 on Cassandra: the process that embeds the service is killed, also amid chunked puts, and nodes that are alone with
 * their data are, with either kind of commit log. Needs Docker for the latter.
 */
import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import type { EngineOptions, RealEngine } from "../../conformance/backends/backend.ts";
import { containerProvider } from "../../conformance/backends/container.ts";
import { dockerClient, localImage } from "../../conformance/backends/docker.ts";
import { cassandraCapabilities } from "../../src/engines/cassandra/capabilities.ts";
import { cassandraJanitor } from "../../src/engines/cassandra/janitor.ts";
import type { CassandraOptions } from "../../src/engines/cassandra/options.ts";
import { KILLS_TIMEOUT, killAmidChunkedPuts } from "./amid-chunked-puts.ts";
import type { StoreSpec } from "./embedded-store.ts";
import { missingAfter } from "./judge-writes.ts";
import { runWriter } from "./run-writer.ts";

const docker = await dockerClient();
const hasImage =
  docker !== undefined && (await localImage(docker, "cassandra:5.0"))?.recipe !== undefined;
const shared = process.env["KVDAL_CASSANDRA"];
const opened: RealEngine[] = [];

afterAll(async () => {
  await Promise.all(opened.map((engine) => engine.release()));
});

function storeAt(
  address: string,
  keyspace: string,
): StoreSpec & { readonly options: CassandraOptions } {
  const port = Number(address.split(":").at(-1));
  const options = {
    contactPoints: [address],
    localDataCenter: "datacenter1",
    keyspace,
    replication: { datacenter1: 1 },
    driver: { protocolOptions: { port } },
  };
  return { engine: "cassandra", options };
}

/** Uses a keyspace of its own on the node that others use, too, and drops it whatever comes of it. */
async function onSharedNode(use: (store: StoreSpec) => Promise<void>): Promise<void> {
  const store = storeAt(shared ?? "", `kill_${randomUUID().slice(0, 8)}`);
  try {
    await use(store);
  } finally {
    const janitor = cassandraJanitor(store.options);
    await janitor.dropKeyspace();
    await janitor.close();
  }
}

test.skipIf(shared === undefined)("kill -9 of the embedding process takes nothing", () =>
  onSharedNode(async (store) => {
    const plan = { store, first: 1, valueBytes: 3000 };
    const said = await runWriter(plan, (count, writer) => {
      if (count === 200) writer.kill();
    });
    expect(said.failed).toBeUndefined();
    expect(said.done.length).toBeGreaterThanOrEqual(200);
    expect(await missingAfter(plan, said)).toEqual([]);
  }),
);

test.skipIf(shared === undefined)(
  "kill -9 amid chunked puts takes, and tears, nothing; what was staged in vain is collected",
  () => onSharedNode(killAmidChunkedPuts),
  KILLS_TIMEOUT,
);

async function open(options: EngineOptions): Promise<RealEngine> {
  const answer = await containerProvider.open("cassandra", { ...options, shared: false });
  if (answer === undefined || !answer.available) throw new Error(answer?.why ?? "no Docker engine");
  opened.push(answer);
  return answer;
}

/** Writes to a node that nobody else has a copy of until it is killed; what of it is missing once it is back. */
async function killNode(
  engine: RealEngine,
): Promise<{ readonly done: number; readonly missing: readonly number[] }> {
  let dead: Promise<void> | undefined;
  const plan = { store: storeAt(engine.endpoint().address, "killed"), first: 1, valueBytes: 300 };
  const said = await runWriter(plan, (count) => {
    if (count === 500) dead ??= engine.kill();
  });
  await dead;
  expect(said.failed).toMatch(/UNAVAILABLE|OUTCOME_UNKNOWN|DEADLINE_EXCEEDED/);
  await engine.start();
  // A restart may have mapped another port.
  const again = { ...plan, store: storeAt(engine.endpoint().address, "killed") };
  return { done: said.done.length, missing: await missingAfter(again, said) };
}

test.skipIf(!hasImage)(
  "a kill of the only node takes nothing with batch sync, and the newest alone with periodic",
  async () => {
    const modes = ["batch", "periodic"] as const;
    const nodes = await Promise.all(modes.map((commitLogSync) => open({ commitLogSync })));
    const [batch, periodic] = await Promise.all(nodes.map(killNode));
    expect(batch?.done).toBeGreaterThanOrEqual(500);
    expect(batch?.missing).toEqual([]);
    const { done = 0, missing = [] } = periodic ?? {};
    console.log(`commit log periodic: ${missing.length} of ${done} acknowledged writes lost`);
    // A sync marker is set every 100 ms: what is missing is the end of what was written, and nothing else.
    expect(missing).toEqual(Array.from(missing, (_, i) => done - missing.length + 1 + i));
    expect(cassandraCapabilities(true).durability.processKill).toBe("newest");
  },
  180_000,
);
