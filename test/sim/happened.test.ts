/** What happened in a failing world: which calls are told, how they are told, and how many. */
import type { Version } from "kvdal";
import { describe, expect, test } from "vitest";
import { arrivalWords } from "../../sim/explain/arrival-words.ts";
import { cacheCalls } from "../../sim/explain/cache-calls.ts";
import { happenedLines } from "../../sim/explain/happened-lines.ts";
import { type Happening, happenings } from "../../sim/explain/happenings.ts";
import { byPlace } from "../../sim/words/mutation-words.ts";
import { ruleLines } from "../../sim/explain/rule-lines.ts";
import { drawPlan, REPLICATED } from "../../sim/index.ts";
import { WorldWords } from "../../sim/words/world-words.ts";
import type { Trace, TraceCall, TraceEvent, TraceMessage } from "../../sim/trace/trace.ts";
import { LOG_TABLE } from "../../sim/workload/lists-plan.ts";
import { kvdal } from "./kvdal.ts";

const [CLIENT, SERVER, CACHE] = [0, 1, 2];
const NODES = (["client", "server", "cache"] as const).map((kind) => ({
  name: kind === "cache" ? "the cache" : `${kind} 0`,
  kind,
  clock: "",
}));
const plan = { ...drawPlan(1, REPLICATED.topology), operations: [] };

function call(begun: number, more: Partial<TraceCall>): TraceCall {
  const ended = begun + 100;
  const verb = "read" as const;
  const about = {
    table: "sim",
    id: "a",
    record: 0,
    keys: [0],
    verb,
    text: "read k0",
    said: "no rows",
  };
  return { node: SERVER, begun, ended, outcome: "answered", operation: 0, ...about, ...more };
}

function event(at: number, kind: TraceEvent["kind"], more: Partial<TraceEvent>): TraceEvent {
  const clocks = { wall: 0, monotonic: 0 };
  return { at, node: SERVER, kind, operation: 0, text: "", causes: [], ...clocks, ...more };
}

/** Operation 7 reads key 0 of record 0 until 10 ms, and the verdict names it. */
function traceWith(more: Partial<Trace>): Trace {
  const read = { operation: 7, client: 0, kind: "get", record: 0, keys: [0], begun: 0 };
  const write = { ...read, operation: 9, record: 1 };
  const ends = { ended: 10_000, outcome: "answered" as const, asked: "", told: "", writes: [] };
  return {
    format: "kvdal trace 1",
    seed: 1,
    fingerprint: "",
    verdict: { rule: "X-1", what: "it", operations: [7], also: [] },
    chain: { events: [], at: 10_000 },
    nodes: NODES,
    keys: [],
    records: 2,
    operations: [
      { ...read, ...ends },
      { ...write, ...ends },
    ],
    messages: [],
    events: [],
    calls: [],
    faults: [],
    marks: [],
    ...more,
  };
}

function told(more: Partial<Trace>): readonly string[] {
  return happenings(traceWith(more), plan).map(({ who, what, said }) => `${who}: ${what}: ${said}`);
}

describe("told is", () => {
  test("what the operations in conflict call, what goes to the same keys, and nothing else", () => {
    const calls = [
      call(1, { operation: 7 }),
      call(2, { by: "clean-up", text: "write k0 deleted" }),
      call(3, { by: "clean-up", keys: [1] }),
      call(4, { by: "clean-up", record: 1 }),
      call(5, { operation: 9 }),
      call(6, {}),
      call(10_001, { operation: 7 }),
    ];
    expect(told({ calls })).toEqual([
      "server 0 for 7: read k0: no rows",
      "clean-up at server 0: write k0 deleted: no rows",
      "server 0 for 9: read k0: no rows",
      "server 0 by itself: read k0: no rows",
    ]);
  });

  test("what goes to rows that are no items, where an operation in conflict went, too", () => {
    const { record: _, ...own } = call(1, { table: "sim_chunks", id: "v", keys: [] });
    const calls = [
      { ...own, operation: 7 },
      { ...own, by: "clean-up" },
      { ...own, id: "w", by: "clean-up" },
    ];
    expect(told({ calls })).toHaveLength(2);
  });

  test("a point that fires, once for all of one moment, and a call that nobody answered", () => {
    const point = event(5, "point", { text: "point late fires in the applier: it is late" });
    const elsewhere = event(6, "point", { text: "point late fires: it is late", operation: 8 });
    const calls = [call(7, { operation: 7, outcome: "open" })];
    expect(told({ events: [point, point, elsewhere], calls })).toEqual([
      "server 0: point late fires in the applier: it is late: 2 times",
      "server 0 for 7: read k0: never answered",
    ]);
  });

  test("what all operations of the plan do, where the verdict names none", () => {
    const { chain: _, ...trace } = traceWith({ calls: [call(1, { operation: 9, record: 1 })] });
    const silent = { ...trace, verdict: { rule: "X-1", what: "it", operations: [], also: [] } };
    expect(happenings(silent, plan)).toEqual([]);
    const of = { ...plan, operations: [[{ index: 9 }]] } as unknown as typeof plan;
    expect(happenings(silent, of)).toHaveLength(1);
  });

  test("what servers do by themselves to the end, where nothing was read", () => {
    const calls = [call(20_000, { by: "clean-up" }), call(30_000, { operation: 900_000 })];
    const operations = traceWith({}).operations.map((each) => ({ ...each, kind: "put" }));
    expect(told({ calls, operations })).toEqual(["clean-up at server 0: read k0: no rows"]);
    expect(told({ calls })).toEqual([]);
  });
});

test("how much a call tells goes by what kind of call it is, whatever its text says", () => {
  const weightOf = (more: Partial<TraceCall>): number | undefined => {
    const text = "set entry of k0, written (accept)";
    const calls = [call(1, { operation: 9, text, ...more })];
    return happenings(traceWith({ calls }), plan)[0]?.weight;
  };
  const [read, write] = [weightOf({}), weightOf({ verb: "write" })];
  expect(read).toBeLessThan(write ?? 0);
  expect(weightOf({ verb: "set", entries: 0 })).toBe(write);
  expect(weightOf({ verb: "set", entries: 1 })).toBeGreaterThan(write ?? 0);
  expect(weightOf({ verb: "scan", rows: 0 })).toBe(0);
  expect(weightOf({ verb: "scan", rows: 1, said: "no rows" })).toBe(read);
  const log = { table: LOG_TABLE, operation: 7, verb: "write" } as const;
  const accepted = weightOf({ ...log, step: "accept" });
  expect(accepted).toBeGreaterThan(weightOf({ ...log, step: "write head" }) ?? 9);
});

type Slot = NonNullable<TraceMessage["slot"]>;

function message(from: number, to: number, sent: number, arrival: number, slot?: Slot) {
  const fate = "delivered" as const;
  const copies = [{ arrives: 30, event: arrival }];
  return {
    from,
    to,
    sent,
    leaves: 0,
    fate,
    late: false,
    copies,
    operation: 7,
    ...(slot === undefined ? {} : { slot }),
    text: "",
  } satisfies TraceMessage;
}

test("questions to the cache that go out together are one call, with what came back", () => {
  const sends = [event(10, "send", { record: 0, keys: [0] }), event(10, "send", { record: 0 })];
  const arrivals = [2, 3].map(() => event(20, "receive", { node: CACHE }));
  // What is found depends on what was stored before: the question is the last of its causes.
  const answers = [
    event(20, "send", { node: CACHE, causes: [0, 2] }),
    event(20, "send", { node: CACHE, causes: [1, 3] }),
  ];
  const entry = { verb: "get", kind: "entry", of: "k0" } as const;
  const stamp = { ...entry, kind: "stamp" } as const;
  const messages = [
    message(SERVER, CACHE, 0, 2, entry),
    message(SERVER, CACHE, 1, 3, stamp),
    message(CACHE, SERVER, 4, 6, { ...entry, holds: "k0 = #3" }),
    message(CACHE, SERVER, 5, 7, { ...stamp, holds: "00112233" }),
  ];
  const trace = traceWith({ events: [...sends, ...arrivals, ...answers], messages });
  const [asked, ...others] = cacheCalls(trace);
  expect(others).toEqual([]);
  expect(asked).toMatchObject({ begun: 10, ended: 30, outcome: "answered", operation: 7 });
  expect(asked?.keys).toEqual([]);
  expect(asked?.text).toBe("get entry of k0 and 1 stamp in the cache");
  expect(asked?.said).toBe("has k0 = #3");
  expect(asked).toMatchObject({ verb: "get", entries: 1 });
  const missing = messages.with(2, message(CACHE, SERVER, 4, 6, { ...entry, isMissing: true }));
  expect(cacheCalls({ ...trace, messages: missing })[0]?.said).toBe("has none");
  const lost = cacheCalls(traceWith({ events: sends, messages: messages.slice(0, 1) }));
  expect(lost).toMatchObject([{ outcome: "open" }]);
});

test("an arrival is told with what it says, and an answer with what it was asked for", () => {
  const events = [
    event(1, "send", {}),
    event(2, "receive", { node: CACHE, text: "get entry of k0" }),
    event(2, "send", { node: CACHE, causes: [1] }),
    event(3, "receive", { text: "has no entry of k0", message: 1 }),
  ];
  const messages = [message(SERVER, CACHE, 0, 1), message(CACHE, SERVER, 2, 3)];
  const trace = traceWith({ events, messages });
  const fired = [{ time: 3, code: 1, answers: [] }];
  expect(arrivalWords(fired, 0, [CACHE, SERVER], trace)).toBe(
    "has no entry of k0, asked for: get entry of k0",
  );
  expect(arrivalWords(fired, 0, [CLIENT, SERVER], trace)).toBe("");
  expect(arrivalWords(fired, 0, undefined, trace)).toBe("");
});

describe("the lines of it", () => {
  const happening = (at: number, weight: number): Happening => {
    return { at, until: at + 500, who: "server 0 for 7", what: `read k${at}`, said: "", weight };
  };
  const lines = (happened: readonly Happening[], time?: number): readonly string[] => {
    const counts = { event: 1, futures: 16, failedBefore: 0, failedAfter: 16, says: "" };
    const fired = time === undefined ? undefined : { time, code: 0, answers: [] };
    return happenedLines({ happened, unavoidable: { ...counts, fired } });
  };
  const many = Array.from({ length: 30 }, (_, i) => happening(i * 1_000, i === 3 ? 2 : 1));

  test("are all where there is room, by their time", () => {
    expect(lines([])).toEqual([]);
    const said = "k0 deleted by version 1767225600000001";
    expect(lines([{ ...happening(500, 1), said }])).toEqual([
      "What happened:",
      "  0.5-1 ms, server 0 for 7: read k500: k0 deleted",
    ]);
    expect(lines(many.slice(0, 9))).toHaveLength(10);
  });

  test("are what tells most, then what is nearest, and how many are left out", () => {
    const last = lines(many);
    expect(last).toHaveLength(10);
    expect(last.slice(1, 3).map((line) => line.split(" ")[2])).toEqual(["3-3.5", "23-23.5"]);
    expect(last.at(-1)).toBe("  and 22 more that tell less: kvdal diagram has everything");
    expect(lines(many, 10_000)[2]).toContain("  7-7.5 ms");
    const wordy = lines(many.map((each) => ({ ...each, what: "word ".repeat(80) })));
    expect(wordy).toHaveLength(10);
    expect(wordy[2]).toMatch(/ …$/);
  });
});

test("a rule is told whole in seven lines, or its beginning and where the rest is", () => {
  expect(ruleLines("PUT-3", "Rows stay.")).toEqual(["PUT-3 wants: Rows stay."]);
  const long = ruleLines("PUT-3", "word ".repeat(300).trim());
  expect(long).toHaveLength(7);
  expect(long.at(-1)).toMatch(/ … \(all of it: conformance\/SPEC\.md\)$/);
  const whole = "word ".repeat(130).trim();
  const lines = ruleLines("PUT-3", whole);
  expect(lines.join(" ").replaceAll(/\s+/g, " ")).toBe(`PUT-3 wants: ${whole}`);
});

test("mutations of lists are told by the place that they have in a plan that was cut down", () => {
  const mutations = [{ operation: 1_003_090 }, { operation: 1_003_093 }];
  const operations = [[{ kind: "list", index: 193, mutations }]];
  const text = "k0 = #1003093, k1 = #193, #1003099";
  expect(byPlace({ operations } as unknown as typeof plan)(text)).toBe(
    "k0 = mutation 2 of 193, k1 = #193, #1003099",
  );
});

test("rows are named by what their table holds, though their keys may be the same bytes", () => {
  const doom = new Uint8Array();
  const second = Uint8Array.of(0, 0, 0, 2);
  const words = new WorldWords([doom, second]);
  const namesIn = (table: string) => words.rowsOf(table).keys([second, doom]);
  expect(namesIn("sim")).toEqual({ text: "k1, k0", keys: [1, 0] });
  expect(namesIn("sim_chunks")).toEqual({ text: "chunk 2, the doom", keys: [] });
  expect(namesIn(LOG_TABLE)).toEqual({ text: "0x00000002, 0x", keys: [] });
  const version = { time: 3, nonce: doom, rank: 0, expiry: 0 } as unknown as Version;
  const gone = (table: string): string =>
    words.rowsOf(table).mutation({ kind: "delete_record", version }).text;
  expect(gone("sim")).toBe("record deleted by version 3");
  expect(gone("sim_chunks")).toBe("all chunks deleted by version 3");
});

test.each([
  ["token-pins-the-alias", 12, /server 1 for 124: read in sim_empty .*: no rows/],
  ["collector-ignores-head", 16, /clean-up at server 1: write in sim_chunks all chunks deleted/],
  [
    "overtakes-what-waits",
    148,
    /point write-refused fires in the applier: .* 2 times\n.* deleted by mutation 4 of 193/s,
  ],
])(
  "what happened to a world of %s shows its cause",
  async (mutant, seed, cause) => {
    const run = await kvdal(["explain", "--seed", String(seed), "--mutant", mutant]);
    const [essential = "", rule = "", happened = ""] = run.stdout.split("\n\n");
    expect(happened).toMatch(cause);
    expect(essential.split("\n").length).toBeLessThanOrEqual(15);
    expect(rule).toMatch(/^[A-Z]+-\d wants: /);
    expect(happened.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
  },
  120_000,
);

test("settings that a failure needs are told, and markers in the cache by that name", async () => {
  const { stdout } = await kvdal(["explain", "sim/corpus/cache-written-through.json"]);
  expect(stdout).toContain(
    "Needed: the cache, whose markers live 42 ms; without it all 17 networks pass.",
  );
  expect(stdout).toContain("set markers of the record and k1 in the cache");
});
