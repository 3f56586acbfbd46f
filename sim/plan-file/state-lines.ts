/** The lines of a campaign's file, by their shape. What loads this loads the library of schemas. */
import { z } from "zod";
import { POINT_NAMES } from "../amplify/list.ts";
import { FAULT_SWITCHES } from "../faults/only.ts";
import { FAULTS } from "../faults/registry/index.ts";
import { whole, yes } from "./numbers.ts";
import { schemaFlaws } from "./schema-flaws.ts";
import { WORKLOAD_NAMES } from "../workload/consumers/consumer.ts";
import { CELLS } from "../world/touches.ts";
import { type Asked, SEED_MAX } from "../campaign/asked.ts";
import { type Failure, FAILURE_KINDS } from "../campaign/failure.ts";
import { SKEW_BOUNDS } from "../campaign/skew-rows.ts";
import type { Part } from "../campaign/state.ts";
import { noSums, type Sums } from "../campaign/sums.ts";

const count = whole(0);
const seed = whole(0, SEED_MAX);
const counts = z.array(count);
const millis = z.custom<number>(
  (value) => Number.isFinite(value) && Number(value) >= 0,
  "a number, 0 or more",
);

/** Shards are counted from 0. */
const shard: z.ZodType<Asked["shard"]> = z
  .strictObject({ index: count, of: whole(1) })
  .refine(({ index, of }) => index < of, "an index below of");

const asked: z.ZodType<Asked> = z.strictObject({
  engine: z.string(),
  cacheEngine: z.string().nullable(),
  twice: yes,
  faults: z.array(z.enum(FAULT_SWITCHES)).nullable(),
  workloads: z.array(z.enum(WORKLOAD_NAMES)).nullable(),
  firstSeed: seed,
  seeds: whole(1, SEED_MAX + 1).nullable(),
  forMillis: millis.nullable(),
  shard,
});

const failure: z.ZodType<Failure> = z.strictObject({
  seed,
  kind: z.enum(FAILURE_KINDS),
  rule: z.string(),
  what: z.string(),
  operations: counts,
  also: z.array(z.string()),
  fingerprint: z.string(),
});

/** As many counts as the sample has, by its names. */
function countsLike<N extends string>(sample: Readonly<Record<N, number>>) {
  const names = Object.keys(sample) as N[];
  return z.strictObject(
    Object.fromEntries(names.map((name) => [name, count])) as Record<N, typeof count>,
  );
}

const none = noSums();
const sums: z.ZodType<Sums> = z.strictObject({
  counts: countsLike(none.counts),
  cache: countsLike(none.cache),
  regions: countsLike(none.regions),
  print: z.tuple([whole(0, 2 ** 32 - 1), whole(0, 2 ** 32 - 1)]),
  touches: counts,
  faults: z.strictObject({ fired: counts, mattered: counts }),
  amplified: z.strictObject({ worlds: counts, reached: counts, fired: counts }),
  skew: z.array(z.array(count).length(3)),
  failures: z.array(failure),
});

const part: z.ZodType<Part> = z.strictObject({
  done: z.array(z.strictObject({ from: count, count })),
  millis,
  sums,
});

type Lines = { readonly asked: Asked; readonly parts: readonly Part[] };
type Flaw = { readonly flaw: string };

/** What was asked, which the first line says, and the parts that were done; or the first flaw. */
export function readLines(lines: readonly string[], form: string): Lines | Flaw {
  const [first = "", ...others] = lines;
  const isFirst = (value: unknown): boolean => Object(value).form === form;
  if (!isFirst(parsed(first))) return { flaw: `its first line is not of the form "${form}"` };
  const head = readLine(first, 1, z.strictObject({ form: z.string(), asked }));
  if ("flaw" in head) return head;
  const parts: Part[] = [];
  for (const [i, line] of others.entries()) {
    const read = readLine(line, i + 2, part);
    if ("flaw" in read) return read;
    if (isOfOtherVersion(read.value)) return { flaw: "it was written by another version" };
    parts.push(read.value);
  }
  return { asked: head.value.asked, parts };
}

function readLine<T>(line: string, place: number, schema: z.ZodType<T>): { value: T } | Flaw {
  const value = parsed(line);
  if (value === undefined) return { flaw: `line ${place} is not JSON` };
  const read = schema.safeParse(value);
  if (read.success) return { value: read.data };
  const [{ path, found, wanted } = NO_FLAW] = schemaFlaws(read.error, schema, value);
  const where = path === "" ? `line ${place}` : `${path} in line ${place}`;
  return { flaw: `${where} is ${found}, wanted ${wanted}` };
}

const NO_FLAW = { path: "", found: "flawed", wanted: "none" };

/** The value of a line; undefined where it is no JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Whether it counts by other lists than this version has. */
function isOfOtherVersion({ sums: { touches, faults, amplified, skew } }: Part): boolean {
  const { fired, mattered } = faults;
  const points = [amplified.worlds, amplified.reached, amplified.fired];
  return (
    touches.length !== CELLS ||
    [fired, mattered].some(({ length }) => length !== FAULTS.length) ||
    points.some(({ length }) => length !== POINT_NAMES.length) ||
    skew.length !== SKEW_BOUNDS.length
  );
}
