/** What a server tells of its load after requests of known duration, and calls that are over before they begin. */
import { KvError, type Micros, MILLISECOND, SECOND } from "kvdal";
import { neverAborted, PLAIN_CLIENT } from "kvdal/client";
import { differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { errorOf, READ_ALL, type Served, type Stage, STAGE_NAMESPACE } from "./stage.ts";

const TARGET = 10 * MILLISECOND;
const MAX = 20 * MILLISECOND;
/** One request is a quarter of them. */
const SERVING = {
  options: { slo: { read: { target: TARGET, max: MAX } } },
  parts: { requestsMax: 4 },
};
/** What is told is made anew after so long, and a window of latencies ends. */
const TELL_ANEW = 100 * MILLISECOND;
const WINDOW = 5 * SECOND;

/** A read of one engine call, which takes so long. */
async function readFor(stage: Stage, { service }: Served, micros: Micros): Promise<void> {
  stage.engine.readMicros = micros;
  await errorOf(service.handle(READ_ALL, stage.call()));
}

/** The percentages that are told, in this order. */
const PERCENT = [
  "percent over target",
  "percent over max",
  "percent of requests in progress",
  "percent overall",
];

/** They, as they are told. */
async function told(stage: Stage, served: Served): Promise<readonly number[]> {
  const { latency, requests, overall } = (await stage.facts(served)).utilization;
  return [latency.overTarget, latency.overMax, requests, overall];
}

const LATENCIES: ExactCost = {
  rule: "SIG-1",
  says: "the load that is told, with a target of 10 ms and a max of 20 ms",
  ask: async (stage) => {
    const served = await stage.serve(SERVING);
    const found = [await told(stage, served)];
    for (const micros of [TARGET, TARGET + MILLISECOND, MAX + MILLISECOND]) {
      await stage.pass(TELL_ANEW);
      found.push(await told(stage, served));
      await readFor(stage, served, micros);
      // Told as it was, for a while.
      found.push(await told(stage, served));
    }
    await stage.pass(TELL_ANEW);
    found.push(await told(stage, served));
    const rows = [
      "before any read",
      "before the read of 10 ms",
      "at once after the read of 10 ms",
      "before the read of 11 ms",
      "at once after the read of 11 ms",
      "before the read of 21 ms",
      "at once after the read of 21 ms",
      "some time after the read of 21 ms",
    ];
    return tableDifference({ rows, columns: PERCENT }, found, [
      [0, 0, 25, 25],
      [0, 0, 25, 25],
      [0, 0, 25, 25],
      [0, 0, 25, 25],
      [0, 0, 25, 25],
      [50, 0, 25, 50],
      [50, 0, 25, 50],
      [67, 34, 25, 67],
    ]);
  },
};

const WINDOWS: ExactCost = {
  rule: "SIG-1",
  says: "percent of reads over target, of which the late ones failed",
  ask: async (stage) => {
    const served = await stage.serve(SERVING);
    const late = TARGET + MILLISECOND;
    await readFor(stage, served, 0);
    await stage.pass(WINDOW + SECOND);
    stage.engine.failRead = () => new KvError("UNAVAILABLE", "the engine is away");
    await readFor(stage, served, late);
    await stage.pass(TELL_ANEW);
    const found = [(await told(stage, served))[0]];
    await stage.pass(WINDOW);
    found.push((await told(stage, served))[0]);
    await stage.pass(WINDOW);
    found.push((await told(stage, served))[0]);
    await readFor(stage, served, late);
    await stage.pass(2 * WINDOW);
    found.push((await told(stage, served))[0]);
    // The first is one of two, then the late one is alone, then there is none; nor is one of long ago.
    return differences([
      ["while the window lasts", found[0], 50],
      ["in the next window", found[1], 100],
      ["after that", found[2], 0],
      ["long after another late read", found[3], 0],
    ]);
  },
};

const ADVICE: ExactCost = {
  rule: "SIG-1",
  says: "what a server that takes four requests tells while they are in progress",
  ask: async (stage) => {
    const served = await stage.serve(SERVING);
    stage.engine.readMicros = MILLISECOND;
    const out: Promise<unknown>[] = [];
    const found: (readonly unknown[])[] = [];
    const begin = (): void => {
      out.push(errorOf(served.service.handle(READ_ALL, stage.call())));
    };
    for (let more = 1; more < 4; more += 1) {
      begin();
      const { advice, utilization } = await stage.facts(served);
      found.push([utilization.requests, advice]);
    }
    begin();
    const refused = await errorOf(served.service.handle(READ_ALL, stage.call()));
    await Promise.all(out);
    const rows = ["with two in progress", "with three in progress", "with four in progress"];
    const columns = ["percent of requests", "advice"];
    const flaw = tableDifference({ rows, columns }, found, [
      [50, "go_on"],
      [75, "slow_down"],
      [100, "shed"],
    ]);
    const fifth = differences([
      ["error of a fifth request", refused?.code, "OVERLOADED"],
      ["requests counted as shed", stage.telemetry.counter("requests_shed"), 1],
    ]);
    return flaw ?? fifth;
  },
};

const OVER: ExactCost = {
  rule: "SLO-3",
  says: "requests that are over when they arrive",
  ask: async (stage) => {
    const { service } = await stage.serve(SERVING);
    const greeting = {
      kind: "handshake",
      namespace: STAGE_NAMESPACE,
      capabilities: PLAIN_CLIENT,
    } as const;
    const aborted = { deadline: Number.MAX_SAFE_INTEGER, signal: AbortSignal.abort() };
    const late = { deadline: stage.env.clock.monotonic(), signal: neverAborted };
    const errors = [
      await errorOf(service.handle(greeting, aborted)),
      await errorOf(service.handle(READ_ALL, aborted)),
      await errorOf(service.handle(greeting, late)),
      await errorOf(service.handle(READ_ALL, late)),
    ];
    const found = errors.map((error) => [error?.code, error?.applied]);
    const wanted = [
      ["CANCELLED", "no"],
      ["CANCELLED", "no"],
      ["DEADLINE_EXCEEDED", "no"],
      ["DEADLINE_EXCEEDED", "no"],
    ];
    const rows = [
      "a greeting given up",
      "a read given up",
      "a greeting whose time is over",
      "a read whose time is over",
    ];
    return (
      tableDifference({ rows, columns: ["error", "applied"] }, found, wanted) ??
      differences([["reads of the engine", stage.engine.reads.length, 0]])
    );
  },
};

const BOUNDS: ExactCost = {
  rule: "RES-2",
  says: "servers that take no request at all, half a one, no number of them, and one",
  ask: async (stage) => {
    const codes: (string | undefined)[] = [];
    for (const requestsMax of [0, 0.5, Number.NaN, 1]) {
      codes.push((await errorOf(stage.serve({ parts: { requestsMax } })))?.code);
    }
    const wrong = "INVALID_ARGUMENT";
    return differences([["errors:", codes, [wrong, wrong, wrong, undefined]]]);
  },
};

/** What servers tell of their load. */
export const LOAD: readonly ExactCost[] = [LATENCIES, WINDOWS, ADVICE, OVER, BOUNDS];
