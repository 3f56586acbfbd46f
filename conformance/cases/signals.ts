/** What servers tell clients, what clients tell servers, and that both go by it (SIG-1, SIG-2, SIG-3). */
import { matchAll, MILLISECOND, MINUTE, SECOND } from "kvdal";
import { type KvRequest, PLAIN_CLIENT, type ServerFacts } from "kvdal/client";
import { patterned } from "../kit/bytes.ts";
import { holds, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { ENGINE_WATCH } from "../kit/need.ts";
import { deciding, telling, watched } from "../kit/on-the-way.ts";
import type { ConformanceStore } from "../kit/store.ts";

const SLO = {
  read: { target: 11 * MILLISECOND, max: 7 * SECOND },
  write: { target: 12 * MILLISECOND, max: 8 * SECOND },
};

/** Asks a server how things stand. */
async function asked({ send, namespace }: ConformanceStore): Promise<ServerFacts> {
  const common = { namespace: namespace(), capabilities: PLAIN_CLIENT };
  return (await send({ ...common, kind: "handshake" })).server;
}

/** A configuration of the case's namespace whose reads are to take no longer than this. */
function levelled(max: string, fields: Readonly<Record<string, unknown>> = {}) {
  const latency = { target: "5ms", max };
  return { main: { fields: { slos: { get_items: { latency } }, ...fields } } };
}

/** Cases of this topic. */
export const signalCases: readonly ConformanceCase[] = [
  {
    id: "signals/told",
    rules: ["SIG-1", "SLO-1"],
    title:
      "A handshake and every other reply tell service levels, limits, load and advice of the namespace.",
    needs: [],
    namespaces: {
      main: {
        slo: SLO,
        maxValueBytes: 5_000_000,
        rowsPerCallMax: 123,
        tokens: { maxAge: 2 * MINUTE, maxDrift: 3 * SECOND },
        chunking: { aboveBytes: 70_000, chunkBytes: 9_000 },
      },
    },
    run: async (store) => {
      const { send, namespace, client, record } = store;
      const common = { namespace: namespace(), capabilities: PLAIN_CLIENT };
      const read = {
        ...common,
        kind: "get_items",
        id: "r",
        predicate: matchAll,
        selection: {},
      } as const;
      for (const facts of [await asked(store), (await send(read)).server]) {
        same("service levels", facts.slo, SLO);
        const { limits, utilization, advice } = facts;
        same(
          "chunk threshold and size",
          [limits.chunkAboveBytes, limits.chunkBytes],
          [70_000, 9_000],
        );
        same("token bounds", [limits.tokenMaxAge, limits.tokenMaxDrift], [2 * MINUTE, 3 * SECOND]);
        same("longest value", limits.maxValueBytes, 5_000_000);
        same("rows to a call", limits.rowsPerCallMax, 123);
        holds(
          "largest page",
          limits.pageBytesMax >= 1024 * 1024,
          limits.pageBytesMax,
          "a megabyte at least",
        );
        const { latency, overall, requests } = utilization;
        for (const percent of [overall, requests, latency.overTarget, latency.overMax]) {
          const isPercent = Number.isInteger(percent) && percent >= 0 && percent <= 100;
          holds("a percentage", isPercent, percent, "a whole number from 0 to 100");
        }
        same("advice of a server that has nothing to do", advice, "go_on");
      }
      same("what a client knows before its first call", client.signals(namespace()), undefined);
      await record("r").get("k");
      same("what it knows after it", client.signals(namespace())?.slo, SLO);
    },
  },
  {
    id: "signals/latencies",
    rules: ["SIG-1"],
    title: "The shares of requests over target and over max follow what requests take.",
    needs: [ENGINE_WATCH],
    namespaces: {
      main: { ...INLINE, slo: { read: { target: 10 * MILLISECOND, max: 20 * SECOND } } },
    },
    run: async (store) => {
      const { engine, record, wait, client, namespace } = store;
      engine.slow(20 * MILLISECOND);
      for (let i = 0; i < 4; i += 1) await record("r").get("k");
      engine.slow(0);
      // Percentages of the past are told anew ten times a second.
      await wait(150 * MILLISECOND);
      await record("r").get("k");
      const told = client.signals(namespace())?.utilization;
      const { overTarget, overMax } = told?.latency ?? { overTarget: 0, overMax: 100 };
      holds("over target", overTarget >= 50, overTarget, "half of the reads at least");
      const overall = told?.overall ?? 0;
      holds("overall", overall >= overTarget, overall, "no less than its parts");
      same("over max", overMax, 0);
    },
  },
  {
    id: "signals/capabilities",
    rules: ["SIG-2"],
    title: "Every request carries what its client can do.",
    needs: [],
    run: async ({ connect, record }) => {
      const watch = watched();
      const client = connect({
        capabilities: { chunking: false, codecs: [] },
        around: watch.around,
      });
      const one = record("r", { client });
      await one.put("k", patterned(100));
      await one.get("k");
      await one.deleteAll();
      holds("requests", watch.requests.length >= 3, watch.requests.length, "3 at least");
      for (const { kind, capabilities } of watch.requests) {
        same(`a ${kind}: chunking`, capabilities.chunking, false);
        same(`a ${kind}: codecs`, capabilities.codecs, []);
        holds(
          `a ${kind}: protocol`,
          capabilities.protocol >= 1,
          capabilities.protocol,
          "a version",
        );
      }
    },
  },
  {
    id: "signals/changes-arrive",
    rules: ["SIG-1", "SIG-3"],
    title:
      "A changed service level, chunk threshold and token bound reach a client that goes on running.",
    needs: [],
    run: async (store) => {
      const { connect, env, record, configure, namespace } = store;
      const { around, sent } = deciding(() => "pass", env);
      const client = connect({ around, limits: { hedgeShare: 0 } });
      const one = record("r", { client });
      same("refused", await configure(levelled("20s")), []);
      await one.get("k");
      await one.get("k");
      same("time of an attempt", sent.at(-1)?.budget, 20 * SECOND);
      const chunking = { above_bytes: 100, chunk_bytes: 100 };
      const tokens = { max_age: "20m", max_drift: "2s" };
      same("refused", await configure(levelled("15s", { chunking, tokens })), []);
      await one.get("k");
      await one.get("k");
      same("time of an attempt, then", sent.at(-1)?.budget, 15 * SECOND);
      same(
        "longest latency of reads, as told",
        client.signals(namespace())?.slo?.read.max,
        15 * SECOND,
      );
      const before = sent.length;
      await one.put("l", patterned(150));
      // A table of chunks may be made with the first of them, and the attempt be over by then.
      const kinds = sent
        .slice(before)
        .filter(({ turn }) => turn === 0)
        .map(({ request }: { readonly request: KvRequest }) => request.kind);
      same("requests of a put past the new threshold", kinds, ["stage_chunks", "put_items"]);
      valueIs("the value", await one.get("l"), patterned(150));
      const facts = await asked(store);
      same(
        "token bounds told",
        [facts.limits.tokenMaxAge, facts.limits.tokenMaxDrift],
        [20 * MINUTE, 2 * SECOND],
      );
    },
  },
  {
    id: "signals/after-silence",
    rules: ["SIG-1", "SIG-3", "RES-1"],
    title:
      "A client whose calls all run out of their time learns that they have more by now, from a server that it asks.",
    needs: [ENGINE_WATCH],
    run: async ({ connect, engine, record, configure, wait }) => {
      const watch = watched();
      const refreshMicros = 100 * MILLISECOND;
      const limits = { refreshMicros, hedgeShare: 0, attemptsMax: 1 };
      const client = connect({ around: watch.around, limits });
      const one = record("r", { client });
      same("refused", await configure(levelled("30s")), []);
      await one.get("k");
      same("refused", await configure(levelled("20ms")), []);
      await one.get("k").catch(() => undefined);
      engine.slow(60 * MILLISECOND);
      await refused("a read of a slow engine", one.get("k"), "DEADLINE_EXCEEDED");
      same("refused", await configure(levelled("30s")), []);
      await wait(refreshMicros);
      same("the read, once the server was asked", await one.get("k"), undefined);
      engine.slow(0);
      const asked = watch.requests.filter(({ kind }) => kind === "handshake").length;
      holds("handshakes", asked >= 1, asked, "one at least");
    },
  },
  {
    id: "signals/less-when-asked",
    rules: ["SIG-3"],
    title:
      "Of a client that is asked to shed, critical calls are sent, and calls that can wait for another day are not.",
    needs: [],
    run: async ({ connect, namespace }) => {
      const watch = watched();
      const client = connect({
        around: (transport) => telling(() => ({ advice: "shed" }))(watch.around(transport)),
      });
      const target = { namespace: namespace(), id: "r" };
      await client.getItems(target);
      const critical = { priority: "critical" } as const;
      await client.getItems(target, critical);
      const bulk = { priority: "bulk" } as const;
      await refused("a bulk read", client.getItems(target, bulk), "OVERLOADED");
      await refused("a bulk deletion", client.deleteItems(target, bulk), "OVERLOADED", "no");
      await client.deleteItems(target, critical);
      same("requests", watch.requests.length, 3);
    },
  },
];
