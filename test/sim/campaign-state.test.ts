/** A campaign in parts: its turns, its shards, its file, and what is refused. Pure; the program is in campaigns.test.ts. */
import { expect, test } from "vitest";
import {
  type Asked,
  askedLine,
  type CampaignState,
  freshState,
  gravest,
  isComplete,
  joined,
  mergeShards,
  noSums,
  openTurns,
  partLine,
  printOf,
  REPLICATED,
  runSeeds,
  SEED_MAX,
  seedsAt,
  type Shard,
  turnsOf,
  withPart,
} from "../../sim/index.ts";
import { readState } from "../../sim/plan-file/index.ts";

const ASKED: Asked = {
  engine: "replicated",
  cacheEngine: null,
  twice: false,
  faults: null,
  workloads: null,
  firstSeed: 10,
  seeds: 7,
  forMillis: null,
  shard: { index: 0, of: 1 },
};
const ALL = { from: 0, count: 7 };

function shardOf(index: number, of: number): Asked {
  return { ...ASKED, shard: { index, of } };
}

/** A campaign, done to its end, whose every world counts as one call. */
function done(asked: Asked): CampaignState {
  const range = { from: 0, count: turnsOf(asked) };
  const sums = noSums();
  sums.counts.worlds = range.count;
  return withPart(freshState(asked), { done: [range], millis: 5, sums });
}

test("shards have every seed once, whatever their number", () => {
  for (let of = 1; of <= 7; of += 1) {
    const seeds = Array.from({ length: of }, (_, index) => {
      const asked = shardOf(index, of);
      return [...seedsAt(asked, { from: 0, count: turnsOf(asked) })];
    });
    expect(seeds.flat().toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16]);
  }
});

test("turnsOf() ends with the largest seed where no number is given", () => {
  const asked = { ...ASKED, seeds: null, firstSeed: SEED_MAX - 1 };
  expect(turnsOf(asked)).toBe(2);
});

test("openTurns() gives what is not done, once, in ranges of a size", () => {
  const ranges = [
    { from: 7, count: 1 },
    { from: 2, count: 2 },
    { from: 3, count: 2 },
  ];
  expect(joined(ranges)).toEqual([
    { from: 2, count: 3 },
    { from: 7, count: 1 },
  ]);
  expect([...openTurns(ranges, 12, 3)]).toEqual([
    { from: 0, count: 2 },
    { from: 5, count: 2 },
    { from: 8, count: 3 },
    { from: 11, count: 1 },
  ]);
  expect([...openTurns([ALL], 7, 3)]).toEqual([]);
});

test("readState() reads what was written, and leaves out a line that was cut short", () => {
  const sums = noSums();
  sums.counts.worlds = 2;
  const part = partLine({ done: [{ from: 3, count: 2 }], millis: 4, sums });
  const text = askedLine(ASKED) + part + part.replace('"from":3', '"from":5');
  const found = readState(text + part.slice(0, 40));
  if ("flaw" in found) throw new Error(found.flaw);
  expect(found.length).toBe(text.length);
  expect(found.state).toMatchObject({ asked: ASKED, done: [{ from: 3, count: 4 }], millis: 8 });
  expect(found.state.sums.counts.worlds).toBe(4);
  expect(isComplete(found.state)).toBe(false);
  expect(readState(`${text}{]\n`)).toEqual({ flaw: "line 4 is not JSON" });
  expect(readState("")).toHaveProperty("flaw");
});

const PART = { done: [{ from: 0, count: 7 }], millis: 5, sums: noSums() };
const HEAD = { form: "kvdal campaign 1", asked: ASKED };
const WORLDS = "sums.counts.worlds in line 2 is missing, wanted a whole number, 0 or more";

/** Lines that are JSON, and of the wrong shape. */
const FLAWED: readonly (readonly [head: unknown, part: unknown, flaw: string])[] = [
  [null, PART, 'its first line is not of the form "kvdal campaign 1"'],
  [{ ...HEAD, asked: null }, PART, "asked in line 1 is null, wanted a value of kind object"],
  [
    { ...HEAD, asked: { ...ASKED, shard: { index: 2, of: 2 } } },
    PART,
    'asked.shard in line 1 is {"index":2,"of":2}, wanted an index below of',
  ],
  [
    { ...HEAD, asked: { ...ASKED, seeds: "many" } },
    PART,
    'asked.seeds in line 1 is "many", wanted a whole number from 1 to 2147483648',
  ],
  [HEAD, null, "line 2 is null, wanted a value of kind object"],
  [HEAD, { ...PART, sums: { ...PART.sums, counts: {} } }, WORLDS],
  [HEAD, { ...PART, millis: null }, "millis in line 2 is null, wanted a number, 0 or more"],
  [
    HEAD,
    { ...PART, sums: { ...PART.sums, failures: [null] } },
    "sums.failures[0] in line 2 is null, wanted a value of kind object",
  ],
  [
    HEAD,
    { ...PART, done: [{ from: -4, count: 3 }] },
    "done[0].from in line 2 is -4, wanted a whole number, 0 or more",
  ],
  [HEAD, { ...PART, sums: { ...PART.sums, skew: [] } }, "it was written by another version"],
  [HEAD, { ...PART, done: [{ from: 5, count: 3 }] }, "it has more worlds than were asked"],
];

test.each(FLAWED)("readState() says what of a line is wrong: $2", (head, part, flaw) => {
  expect(readState(readable(head, part))).toEqual({ flaw });
  expect(readState(readable(HEAD, PART))).not.toHaveProperty("flaw");
});

function readable(head: unknown, part: unknown): string {
  return `${JSON.stringify(head)}\n${JSON.stringify(part)}\n`;
}

test("mergeShards() adds shards up, in any order", () => {
  const shards = [2, 0, 1].map((index) => ({
    file: `${index}`,
    state: done(shardOf(index, 3)),
  }));
  const merged = mergeShards(shards);
  if ("flaws" in merged) throw new Error(merged.flaws.join());
  expect(merged.result).toMatchObject({ asked: ASKED, lastSeed: 16, end: "done", millis: 15 });
  expect(merged.result.sums.counts.worlds).toBe(7);
});

type Refused = { readonly states: readonly CampaignState[]; readonly says: string };

const REFUSED: readonly Refused[] = [
  { states: [done(shardOf(0, 2))], says: "shard 2/2 is missing" },
  {
    states: [done(shardOf(0, 2)), done(shardOf(0, 2))],
    says: "shard 1/2 is there twice: file 0, file 1",
  },
  {
    states: [done(shardOf(0, 2)), done({ ...shardOf(1, 2), firstSeed: 11 })],
    says: "file 1 is of another campaign than file 0: firstSeed is 11 there, 10 was wanted",
  },
  {
    states: [done(shardOf(0, 2)), done(shardOf(1, 3))],
    says: "shard is one of 3 there, one of 2 was wanted",
  },
  {
    states: [done(shardOf(0, 2)), freshState(shardOf(1, 2))],
    says: "file 1 is not done: run it again with --state 'file 1'",
  },
];

test.each(REFUSED)("mergeShards() refuses: $says", ({ states, says }) => {
  const merged = mergeShards(states.map((state, i) => ({ file: `file ${i}`, state })));
  expect("flaws" in merged ? merged.flaws.join("\n") : "").toContain(says);
});

test("a campaign's print depends on its worlds, not on their order or their parts", async () => {
  const run = (seeds: readonly number[]) =>
    runSeeds({ factory: REPLICATED, seeds, twice: false, stopAt: () => false, cpuMicros: () => 0 });
  const [there, back, less] = await Promise.all([run([1, 2, 3]), run([3, 1, 2]), run([1, 2])]);
  expect(printOf(back)).toBe(printOf(there));
  expect(printOf(less)).not.toBe(printOf(there));
});

test("a world in which something throws is a crash, the gravest but one, and the next one runs", async () => {
  let worlds = 0;
  const factory: typeof REPLICATED = {
    ...REPLICATED,
    create: (...parts) => {
      worlds += 1;
      if (worlds === 2) throw new Error("out of order", { cause: new TypeError("no tape") });
      return REPLICATED.create(...parts);
    },
  };
  const { counts, failures } = await runSeeds({
    factory,
    seeds: [5, 6, 7],
    twice: false,
    stopAt: () => false,
    cpuMicros: () => 0,
  });
  expect(counts.worlds).toBe(3);
  expect(failures).toMatchObject([
    { seed: 6, kind: "crash", rule: "CRASH", what: "out of order: TypeError: no tape" },
  ]);
  expect(gravest(["violation", ...failures.map(({ kind }) => kind)])).toBe("crash");
});

const SHARDS: readonly Shard[] = [
  { index: 0, of: 1 },
  { index: 1, of: 2 },
];

test.each(SHARDS)(
  "a campaign by time is complete when its time is over: $index of $of",
  (shard) => {
    const state = freshState({ ...ASKED, shard, seeds: null, forMillis: 10 });
    expect(isComplete(state)).toBe(false);
    expect(isComplete(withPart(state, { done: [], millis: 10, sums: noSums() }))).toBe(true);
  },
);
