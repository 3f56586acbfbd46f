/**
 * Cassandra on three nodes, a copy on each, LOCAL_QUORUM both ways: nodes are killed, paused and brought back while
 * clients go on. Method: the simulator's oracles over the history that the clients saw, and each replica looked at by
 * itself. Needs Docker; `npm test` starts the cluster early, beside other tests.
 */
import { Client, types } from "cassandra-driver";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CassandraCluster } from "../../conformance/backends/cluster.ts";
import { dockerClient, localImage } from "../../conformance/backends/docker.ts";
import { joinCluster, openCluster } from "../../conformance/backends/open-cluster.ts";
import type { View } from "../../sim/check/index.ts";
import { NAMESPACE } from "../../sim/workload/namespace-plan.ts";
import { cassandraAt, type CassandraPlace } from "../../src/cli/real-storage.ts";
import { judgeEngine } from "../../src/cli/run-conformance.ts";
import { utf8 } from "../../src/model/bytes.ts";
import type { KvErrorCode } from "../../src/model/error.ts";
import { DAY, MINUTE, SECOND } from "../../src/model/time.ts";
import { putVersion } from "../../src/model/version.ts";
import type { KvStore } from "../../src/open.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { EngineCall, StorageEngine } from "../../src/ports/storage-engine.ts";
import { sleep } from "../../src/ports/timers.ts";
import { systemEnv } from "../../src/system/env.ts";
import { runNative } from "../../src/system/native.ts";
import { storageCases } from "kvdal/conformance";
import { failures } from "../conformance/judge.ts";
import { adapterOf, openServer } from "./deployment.ts";
import { LiveRun } from "./live-run.ts";

const docker = await dockerClient();
const hasImage =
  docker !== undefined && (await localImage(docker, "cassandra:5.0"))?.recipe !== undefined;
const env = systemEnv();

/** How much later than its deadline a call may end on a machine that is busy with three nodes, microseconds. */
const LATE = 1.5 * SECOND;

/** What a call may say that found no time while a node started. */
const LATE_CODES: readonly KvErrorCode[] = ["DEADLINE_EXCEEDED", "OUTCOME_UNKNOWN"];

/**
 * Topics of the cases that are run here: those about what is stored, in which order it came and who sees it. A table
 * costs three nodes half a second of work, and all cases make hundreds: `kvdal conformance cassandra --nodes 3`.
 */
const TOPICS: readonly string[] = [
  "put",
  "idempotency",
  "last-write-wins",
  "ties",
  "page-tokens",
  "dead-rows",
  "delete",
  "late-writes",
  "ttl",
  "consistency",
];

describe.skipIf(!hasImage)("cassandra on three nodes", () => {
  let cluster: CassandraCluster;
  let servers: readonly KvStore[];
  let client: Client;
  const keyspace = `nodes_${process.pid}`;

  beforeAll(async () => {
    const name = process.env["KVDAL_CLUSTER"];
    const answer = await (name === undefined
      ? openCluster({ shared: false, commitLogSync: "batch" })
      : joinCluster(name));
    if (!answer.available) throw new Error(answer.why);
    cluster = answer;
    const place = { cluster, keyspace };
    servers = await Promise.all([1, 2].map(() => openServer(place, NAMESPACE, env)));
    client = new Client({
      contactPoints: [...cluster.contactPoints()],
      localDataCenter: cluster.dataCenter,
    });
    // A drop brings all changes of the schema to disk, where they outlive a kill.
    await client.execute(`CREATE TABLE ${keyspace}.scratch (a int PRIMARY KEY)`);
    await client.execute(`DROP TABLE ${keyspace}.scratch`);
  });
  // What one test has broken is not the next one's.
  afterEach(async () => {
    await Promise.all(cluster.nodes.map((node) => node.resume().then(node.start)));
    await cluster.settle();
  });
  afterAll(async () => {
    await Promise.all([client.shutdown(), ...servers.map((server) => server.close())]);
    await cluster.release();
    if (process.env["KVDAL_CLUSTER"] === undefined) return;
    // Whoever opened it removes it in the end; until then other tests have the cores.
    await Promise.allSettled(cluster.nodes.map((node) => node.kill()));
  });

  test("servers that make tables at once, each through another node, agree on them", async () => {
    const place = { cluster, keyspace: `${keyspace}_made` };
    const engines = await Promise.all(
      cluster.nodes.map((_node, index) => adapterOf(place, index).open({ env, native: runNative })),
    );
    const call = (): EngineCall => ({
      deadline: env.clock.monotonic() + MINUTE,
      signal: neverAborted,
      consistency: "quorum",
      now: env.clock.wall(),
    });
    const tables = Array.from({ length: 3 }, (_, index) => `t_${index}`);
    for (const table of tables) {
      await Promise.all(
        engines.map(async (engine, index) => {
          await engine.provision({ table, retention: DAY }, call());
          // Through another node than the one that was asked to make it.
          const elsewhere = engines[(index + 1) % engines.length] as StorageEngine;
          const version = putVersion({ generationTime: 1 + index, nonce: new Uint8Array(16) }, 0);
          const row = { key: utf8(`${index}`), value: utf8("v"), metadata: utf8("m"), version };
          await elsewhere.write({ table, id: "r" }, [{ kind: "put", row }], call());
        }),
      );
    }
    for (const table of tables) {
      const { rows } = await client.execute(`SELECT key FROM ${place.keyspace}.${table}`, [], {
        consistency: types.consistencies.all,
      });
      expect(rows).toHaveLength(engines.length);
    }
    // A second table under the name would have taken the place of the first, and what was in it.
    for (const node of cluster.nodes) {
      const made = (await node.logs()).match(/Initializing \S+_made\.t_\d/g) ?? [];
      expect(made.toSorted()).toEqual(
        tables.map((table) => `Initializing ${place.keyspace}.${table}`),
      );
    }
    await Promise.all(engines.map((engine) => engine.close()));
  });

  test("a node is killed and comes back: nothing acknowledged is lost, nothing read is older", async () => {
    const run = new LiveRun(servers, 1, 10 * SECOND);
    run.start();
    await sleep(env.timers, SECOND);
    await cluster.nodes[1]?.kill();
    const killed = env.clock.monotonic();
    // One node of three is not needed: what fails at first succeeds at another attempt.
    const without = (): number =>
      run.writes.filter(({ begun, acknowledged }) => begun > killed && acknowledged < Infinity)
        .length;
    await expect.poll(without, { timeout: 30_000 }).toBeGreaterThan(10);
    const started = env.clock.monotonic();
    await cluster.nodes[1]?.start();
    await cluster.settle();
    const settled = env.clock.monotonic();
    await sleep(env.timers, SECOND);
    await run.stop();
    expect(await run.judge()).toBeUndefined();
    report("killed", run);
    expect(run.longest).toBeLessThan(run.limits.timeoutMicros + LATE);
    const steady = run.failures.filter((f) => f.ended < started || f.begun > settled);
    expect(steady.map(({ error }) => error.message)).toEqual([]);
    // A node that starts takes all processors of a small machine for a while: calls may be late, and say so.
    const late = new Set(run.failures.map(({ error }) => error.code));
    expect([...late].filter((code) => !LATE_CODES.includes(code))).toEqual([]);
  });

  test("a node is paused: calls go to the others within their time", async () => {
    const run = new LiveRun(servers, 2, 10 * SECOND);
    run.start();
    await sleep(env.timers, SECOND / 2);
    await cluster.nodes[2]?.pause();
    await sleep(env.timers, 4 * SECOND);
    await cluster.nodes[2]?.resume();
    await sleep(env.timers, SECOND);
    await run.stop();
    expect(await run.judge()).toBeUndefined();
    report("paused", run);
    expect(run.longest).toBeLessThan(run.limits.timeoutMicros + LATE);
    expect(run.failures.map(({ error }) => error.message)).toEqual([]);
  });

  test("with two nodes down every call fails typed and truthfully; back up, all replicas are equal", async () => {
    const run = new LiveRun(servers, 3, 2 * SECOND);
    run.start();
    await sleep(env.timers, SECOND);
    await Promise.all([cluster.nodes[0]?.kill(), cluster.nodes[1]?.kill()]);
    const down = env.clock.monotonic();
    await theServersWord();
    await run.stop();
    const up = env.clock.monotonic();
    report("two down", run);
    // What is about no key at all is answered without asking anybody.
    const reads = run.reads.filter(({ begun, answered }) => begun > down && answered !== 0);
    expect(reads).toEqual([]);
    const writes = run.writes.filter(({ begun, keys }) => begun > down && keys !== 0);
    expect(writes.filter(({ acknowledged }) => acknowledged < up)).toEqual([]);
    const codes = new Set(run.failures.map(({ error }) => error.code));
    const foreseen = ["UNAVAILABLE", "OUTCOME_UNKNOWN", "DEADLINE_EXCEEDED"];
    expect([...codes].filter((code) => !foreseen.includes(code))).toEqual([]);
    expect(run.failures.length).toBeGreaterThan(0);
    await Promise.all([cluster.nodes[0]?.start(), cluster.nodes[1]?.start()]);
    await cluster.settle();
    await run.completeUnknown();
    await repair(run.ids);
    const views: (readonly View[])[] = [];
    for (const id of run.ids) views.push(await viewsOf(id));
    expect(await run.judge(views)).toBeUndefined();
  });

  test("the cases in which copies could differ pass as on one node", async () => {
    const contactPoints = cluster.contactPoints() as CassandraPlace["contactPoints"];
    const { dataCenter } = cluster;
    const release = async (): Promise<void> => undefined;
    const place = { contactPoints, dataCenter, copies: contactPoints.length, release };
    const { engineClock: _waits, ...storage } = await cassandraAt(place, `${keyspace}_cases`);
    const chosen = storageCases.filter(({ id }) => TOPICS.includes(id.split("/")[0] ?? ""));
    const ids = new Set(chosen.map(({ id }) => id));
    // Nothing is dropped: the cluster goes as a whole.
    const report = await judgeEngine({ ...storage, stop: release }, { ids });
    expect(failures(report.cases)).toEqual([]);
    expect(report.passed).toBeGreaterThanOrEqual(45);
  }, 180_000);

  /** A write and a read with time enough for the node that is left to say itself what came of them. */
  async function theServersWord(): Promise<void> {
    const { engine } = servers[0] as KvStore;
    const call = {
      deadline: env.clock.monotonic() + 12 * SECOND,
      signal: neverAborted,
      consistency: "quorum",
      now: env.clock.wall(),
    } as const;
    const partition = { table: NAMESPACE, id: "alone" };
    const version = putVersion({ generationTime: 1, nonce: new Uint8Array(16) }, 0);
    const row = { key: utf8("k"), value: utf8("v"), metadata: utf8("m"), version };
    const write = engine.write(partition, [{ kind: "put", row }], call);
    const read = engine.readKeys({ ...partition, keys: [row.key], projection: "rows" }, call);
    const [wrote, found] = await Promise.allSettled([write, read]);
    // Sent to all copies, and one may have it: unknown. A node that knows the others are down sends it to none: no.
    expect([
      ["OUTCOME_UNKNOWN", "unknown"],
      ["UNAVAILABLE", "no"],
    ]).toContainEqual(wrote.status === "rejected" && [wrote.reason.code, wrote.reason.applied]);
    expect(found).toMatchObject({ status: "rejected", reason: { code: "UNAVAILABLE" } });
  }

  /** Reads every record from all replicas at once, which brings those that missed something up to date. */
  async function repair(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const query = `SELECT * FROM ${keyspace}.${NAMESPACE} WHERE id = ?`;
      await client.execute(query, [id], {
        prepare: true,
        consistency: types.consistencies.all,
      });
    }
  }

  /** What each node shows of a record by itself. */
  async function viewsOf(id: string): Promise<readonly View[]> {
    return Promise.all(
      cluster.nodes.map(async (_node, index) => {
        const engine = await adapterOf({ cluster, keyspace }, index).open({
          env,
          native: runNative,
        });
        const deadline = env.clock.monotonic() + MINUTE;
        const page = await engine.readRange(
          {
            table: NAMESPACE,
            id,
            range: {},
            reverse: false,
            rowLimit: 1000,
            byteLimit: 1e6,
            projection: "rows",
          },
          { deadline, signal: neverAborted, consistency: "eventual", now: env.clock.wall() },
        );
        await engine.close();
        return page.rows.map(({ key, version }) => ({
          key,
          time: version.time,
          nonce: version.nonce,
        }));
      }),
    );
  }
});

function report(what: string, { writes, reads, failures: failed, longest }: LiveRun): void {
  const acknowledged = writes.filter((write) => write.acknowledged < Infinity).length;
  const codes = new Map<string, number>();
  for (const { error } of failed) {
    const key = `${error.code}/${error.applied}`;
    codes.set(key, (codes.get(key) ?? 0) + 1);
  }
  const millis = Math.round(longest / 1000);
  console.log(
    `${what}: ${acknowledged} writes acknowledged, ${reads.length} reads, longest call ${millis} ms,`,
    Object.fromEntries(codes),
  );
}
