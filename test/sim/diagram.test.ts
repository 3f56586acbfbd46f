/** A world as a diagram: the trace is complete and consistent, watching changes nothing, and what is written stands by itself. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  diagramPage,
  drawPlan,
  originWords,
  type Plan,
  REPLICATED,
  runPlan,
  SHIVIZ_EXPRESSION,
  shivizLog,
} from "../../sim/index.ts";
import { POINT_NAMES } from "../../sim/amplify/list.ts";
import { axisOver } from "../../sim/report/diagram/time-axis.ts";
import { chainOf } from "../../sim/trace/chain.ts";
import type { Trace, TraceEvent, TraceMessage } from "../../sim/trace/trace.ts";
import { tracePlan } from "../../sim/trace/trace-plan.ts";
import { isBefore, vectorClocks } from "../../sim/trace/vector-clocks.ts";
import { browserStage } from "./browser-stage.ts";
import { kvdal } from "./kvdal.ts";

/** Worlds with crashes and cuts, with a cache, with lists. */
const SEEDS = [1, 3, 7];
const CACHED = 3;
const traced = Promise.all(
  SEEDS.map(async (seed) => ({ seed, trace: await tracePlan(planOf(seed), REPLICATED) })),
);

let folder = "";
/** A world that a planted bug breaks, by the program. */
let broken: Trace;
let brokenPage = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kvdal-diagram-"));
  const [page, json] = [join(folder, "world.html"), join(folder, "world.json")];
  const args = ["--seed", "40", "--mutant", "ack-before-quorum", "--out", page, "--json", json];
  const run = await kvdal(["diagram", ...args, "--whole"]);
  expect(run.code, run.stderr).toBe(0);
  broken = JSON.parse(await readFile(json, "utf8")) as Trace;
  brokenPage = await readFile(page, "utf8");
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function planOf(seed: number): Plan {
  return drawPlan(seed, REPLICATED.topology, seed === CACHED);
}

test("a watched run has the fingerprint of one that nobody watches", async () => {
  for (const { trace, seed } of await traced) {
    const plain = await runPlan(planOf(seed), REPLICATED);
    expect(trace.fingerprint, `seed ${seed}`).toBe(plain.fingerprint);
    expect(trace.messages.length).toBe(plain.network.sent);
  }
}, 60_000);

test("everything that arrives was sent, by another node and before; what is lost arrives nowhere", async () => {
  for (const { trace } of await traced) {
    const { events, messages, operations } = trace;
    const arrivals = events.flatMap(({ kind }, i) => (kind === "receive" ? [i] : []));
    const known = messages.flatMap(({ copies }) => copies.flatMap(({ event }) => event ?? []));
    expect(known.toSorted((a, b) => a - b)).toEqual(arrivals);
    const flawed = messages.filter((message) => !isConsistent(message, events));
    expect(flawed).toEqual([]);
    expect(operations.filter(({ ended }) => ended === undefined)).toEqual([]);
  }
}, 60_000);

function isConsistent(message: TraceMessage, events: readonly TraceEvent[]): boolean {
  const { sent, from, to, copies, fate } = message;
  const arrived = copies.filter(({ event }) => event !== undefined);
  return (
    events[sent]?.kind === "send" &&
    events[sent].node === from &&
    arrived.length > 0 === (fate === "delivered") &&
    arrived.every(({ event = -1, arrives }) => {
      const { node, at } = events[event] as TraceEvent;
      return event > sent && node === to && at === arrives;
    })
  );
}

test("causes come before, and by the vector clocks they happened before", async () => {
  for (const { trace } of await traced) {
    const { events } = trace;
    const clocks = vectorClocks(trace);
    const before = (one: number, other: number): boolean =>
      isBefore([events[one] as TraceEvent, clocks[one] ?? []], clocks[other] ?? []);
    const flawed = events.filter(({ causes }, i) =>
      causes.some((cause) => cause >= i || !before(cause, i) || before(i, cause)),
    );
    expect(flawed).toEqual([]);
    expect(new Set(clocks.map(String)).size).toBe(events.length);
  }
}, 60_000);

test("the chain of a broken world holds both its operations, and why the write was not there", () => {
  const { verdict, chain, events, messages } = broken;
  expect(verdict?.rule).toBe("PUT-3");
  const steps = (chain?.events ?? []).map((i) => events[i] as TraceEvent);
  const operations = new Set(steps.map(({ operation }) => operation));
  for (const operation of verdict?.operations ?? []) expect(operations).toContain(operation);
  const fates = steps.flatMap(({ kind, message = -1 }) =>
    kind === "send" ? [messages[message]?.fate] : [],
  );
  expect(fates.filter((fate) => fate === "cut")).toHaveLength(2);
  expect(steps.every(({ at }) => at <= (chain?.at ?? 0))).toBe(true);
  expect(steps.length).toBeLessThan(events.length / 50);
});

test("a chain leaves out how replicas are brought together, by what a message carries", () => {
  const { events, messages, operations } = broken;
  const own = operations.find(({ kind }) => kind === "put") as Trace["operations"][number];
  const { operation, begun, record } = own;
  const of = {
    ...(events[0] as TraceEvent),
    operation,
    record,
    at: begun,
    causes: [],
    text: "repair",
  };
  const sends = { ...of, kind: "send" as const, message: 0 };
  const chainWith = (carries: TraceMessage["carries"] & string): readonly number[] | undefined => {
    const message = { ...(messages[0] as TraceMessage), carries };
    const verdict = { rule: "X-1", what: "it", operations: [operation], also: [] };
    const trace = { events: [of, sends], messages: [message], operations: [own] };
    return chainOf(verdict, trace)?.events;
  };
  expect(chainWith("write")).toEqual([0, 1]);
  expect(chainWith("repair")).toEqual([0]);
});

test("the page needs nothing but itself, and takes nothing that a world says for markup", () => {
  expect(brokenPage).not.toMatch(/\b(?:https?:)?\/\/[\w-]+\.\w|\bsrc=|@import|\burl\(|<link/);
  const what = `</script><img src=x onerror="alert(1)">`;
  const verdict = { rule: what, what, operations: [], also: [what] };
  const hostile = diagramPage({
    ...broken,
    verdict,
    mutant: what,
    keys: broken.keys.map(() => what),
  });
  expect(hostile).not.toContain("<img");
  expect(hostile.match(/<\/script>/g)).toHaveLength(2);
});

test("the page's script runs, and draws the chain", () => {
  const stage = browserStage(brokenPage);
  runInNewContext(stage.script, stage.globals);
  expect(stage.drawn).toContain("violation");
  expect(stage.drawn.some((text) => text.includes("cut off"))).toBe(true);
  const before = stage.drawn.length;
  for (const key of ["v", "n", "n", "p", "f", "+", "ArrowLeft", "c", "Escape"]) stage.press(key);
  stage.point(700, 400);
  expect(stage.drawn.length).toBeGreaterThan(before);
});

test("ShiViz reads the log by the expression in its head: every event, each under its host's own count", () => {
  const [head = "", multiple, ...rest] = shivizLog(broken).split("\n");
  expect([head, multiple]).toEqual([SHIVIZ_EXPRESSION, ""]);
  // As ShiViz does: anchors added, lines by themselves.
  const entries = [...rest.join("\n").matchAll(new RegExp(`^${head}$`, "gm"))];
  expect(entries).toHaveLength(broken.events.length);
  expect(rest).toHaveLength(2 * broken.events.length + 1);
  const counts = new Map<string, number>();
  for (const { groups } of entries) {
    const { host = "", clock = "" } = groups ?? {};
    const count = (counts.get(host) ?? 0) + 1;
    counts.set(host, count);
    expect((JSON.parse(clock) as Record<string, number>)[host]).toBe(count);
  }
  expect(counts.size).toBe(broken.nodes.length);
});

test("an hour without events takes little of the axis, and order stays", () => {
  const axis = axisOver([1_000, 2_000, 3_600_000_000, 3_600_001_000]);
  expect(axis.at(-1)?.[1]).toBeLessThan(20_000);
  for (const [i, [time, shown]] of axis.entries()) {
    expect(time).toBeGreaterThanOrEqual(axis[i - 1]?.[0] ?? 0);
    expect(shown).toBeGreaterThanOrEqual(axis[i - 1]?.[1] ?? 0);
  }
});

test("a failing world is cut down before it is drawn, unless all of it is wanted", async () => {
  const json = join(folder, "cut.json");
  const args = ["--seed", "40", "--mutant", "ack-before-quorum", "--json", json];
  const run = await kvdal(["diagram", ...args]);
  expect(run.stdout).toMatch(/^Cut down from seed 40: \d operations, \d+ messages; /);
  expect(run.stdout).toMatch(/--whole\s+draws all of it\./);
  const cut = JSON.parse(await readFile(json, "utf8")) as Trace;
  expect(cut.verdict?.rule).toBe(broken.verdict?.rule);
  expect(cut.operations.length * 10).toBeLessThan(broken.operations.length);
}, 60_000);

test("without a world to show it is refused with code 2", async () => {
  const run = await kvdal(["diagram"]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("wanted a plan file, or --seed, or --mutant");
});

test("what a wiped replica loses was on its disk, and what a crash takes was not", async () => {
  const { topology } = REPLICATED;
  const plan = planOf(1);
  const node = topology.clients + topology.servers;
  const wipe = { kind: "wipe" as const, node, at: 200_000, until: 210_000, by: 0, other: -1 };
  const { events } = await tracePlan({ ...plan, crashes: [], troubles: [wipe] }, REPLICATED);
  const lost = events.filter(({ kind, at }) => kind === "forget" && at <= 200_000);
  expect(
    lost.filter(({ text }) => text.endsWith(", which was on its disk")).length,
  ).toBeGreaterThan(5);
  const crash = { node, at: 200_000, until: 210_000 };
  const crashed = await tracePlan({ ...plan, crashes: [crash], troubles: [] }, REPLICATED);
  const unsynced = crashed.events.filter(({ kind }) => kind === "forget");
  expect(unsynced.filter(({ text }) => !text.endsWith(", not yet on disk"))).toEqual([]);
});

test("an answer says whether a page token came with it", async () => {
  const [first] = await traced;
  const answers = first!.trace.messages.filter(({ text }) => /^answers: (k\d|no items)/.test(text));
  expect(answers.length).toBeGreaterThan(10);
  expect(answers.filter(({ text }) => !/, (no|with a) page token$/.test(text))).toEqual([]);
});

test("a plan that was cut down is not called its seed's world", async () => {
  const plan = planOf(1);
  const fewer = { ...plan, operations: plan.operations.map((list) => list.slice(0, 3)) };
  expect(originWords(plan, plan)).toBe("Seed 1");
  expect(originWords(fewer, plan)).toBe("Cut down from seed 1");
  expect(originWords(fewer, planOf(2))).toBe("Cut down, network of seed 1");
  const trace = await tracePlan(fewer, REPLICATED);
  expect(diagramPage({ ...trace, world: "Cut down from seed 1" })).toContain(
    "<title>Cut down from seed 1: ",
  );
  const page = join(folder, "kept.html");
  const run = await kvdal(["diagram", "sim/corpus/no-tie-break.json", "--out", page]);
  expect(run.stdout).toMatch(/^Cut down/);
});

test("a point that fires is an event at its node, in the page and in the log, and only of a watched world", async () => {
  const plan = { ...planOf(1), amplified: ["write-refused"] };
  const [trace, plain] = await Promise.all([
    tracePlan(plan, REPLICATED),
    runPlan(plan, REPLICATED),
  ]);
  expect(trace.fingerprint).toBe(plain.fingerprint);
  const fired = trace.events.filter(({ kind }) => kind === "point");
  const place = POINT_NAMES.indexOf("write-refused");
  expect(fired).toHaveLength(plain.amplified.fired[place] ?? 0);
  expect(fired.length).toBeGreaterThan(0);
  for (const { text, node } of fired) {
    expect(text).toMatch(
      /^point write-refused fires(?: in the applier)?: a write that the engine refuses in passing/,
    );
    expect(trace.nodes[node]?.kind).toBe("server");
  }
  expect(fired.some(({ operation }) => operation > 0)).toBe(true);
  expect(shivizLog(trace)).toMatch(/ point #\d+ point write-refused fires: /);
  const { script, globals, drawn, press } = browserStage(diagramPage(trace));
  runInNewContext(script, globals);
  press("f");
  expect(drawn.length).toBeGreaterThan(0);
  expect(diagramPage(trace)).toContain("point write-refused fires: ");
});

test("a server's own calls say whose work they are, and all say where they go and what came back", async () => {
  const { trace } = (await traced)[2]!;
  const own = trace.calls.filter(({ operation }) => operation === 0);
  expect(new Set(own.map(({ by }) => by))).toContain("clean-up");
  expect(trace.calls.filter(({ operation, by }) => operation > 0 && by !== undefined)).toEqual([]);
  const answered = trace.calls.filter(({ outcome }) => outcome === "answered");
  expect(answered.every(({ said, table }) => said !== undefined && table !== "")).toBe(true);
});
