/**
 * Bulldozer beside live impressions: a job loads a whole dataset into a new dated namespace, the alias flips to it, the
 * old one is dropped or the alias falls back. Published: billions of records a day in bursts, all or nothing, no reader
 * that mixes versions, dropping at constant cost; impressions as streamed read-modify-writes a user and video.
 *
 * Here (1 : 100,000,000 of a day's load): versions of 4 records of 8 items, 8 to 40 bytes, in puts of 4 items, loaded by
 * one client; 2 readers that traverse whole records by the alias in small pages; 1 client that reads and rewrites 3
 * records of impressions in a namespace beside. Servers hear of a flip up to 30 ms apart. Values are not chunked, there
 * is no expiry, and a cache only where one is drawn.
 *
 * Own measure: no traversal has items of two versions, or of another version than the alias pointed at meanwhile (NS-4).
 */
import { type Micros, MILLISECOND } from "kvdal";
import type { Violation } from "../../check/history.ts";
import { pointedAt } from "../../versions-run.ts";
import { between, chance, type KeyedRandom } from "../../world/keyed-random.ts";
import type { Operation } from "../operation.ts";
import type { Plan } from "../plan.ts";
import type { VersionStep } from "../versions-plan.ts";
import type { Consumer, ConsumerView } from "./consumer.ts";
import {
  type Drawn,
  namedKeys,
  numbered,
  pageOf,
  putOf,
  smallValuesIn,
  someKeys,
  topologyOf,
} from "./draw.ts";

const KEYS = namedKeys("a", "b", "c", "d", "e", "f", "g", "h");
const HALVES: readonly (readonly number[])[] = [
  [0, 1, 2, 3],
  [4, 5, 6, 7],
];
const LOADER = 0;
const IMPRESSIONS = 3;
/** Servers hear of a step within so long. */
const HEARD_WITHIN: Micros = 30 * MILLISECOND;
/** Looks at the new version before what comes next. */
const LOOKS = 4;

/** The consumer. */
export const bulldozer: Consumer = {
  name: "bulldozer",
  line: "a dataset loaded into a new dated namespace, the alias flips and the old one goes, beside readers and live impressions",
  isCached: false,
  topologyFrom: (given) => topologyOf(given, 4, 75),
  shape,
  check: checkVersions,
};

function shape({ topology, namespace }: Plan, random: KeyedRandom): Partial<Plan> {
  const records = topology.operationsPerClient < 40 ? 2 : 4;
  const thinkMax = between(random, 1, 6) * MILLISECOND;
  const think = (): Micros => random.below(thinkMax + 1);
  const load = (version: number): readonly Drawn[] =>
    Array.from({ length: records }, (_, i) => version * records + i).flatMap((record) =>
      HALVES.map((keys) => putOf(record, think(), { keys, bytes: between(random, 8, 40) })),
    );
  const look = (): Drawn => lookAt(random, random.below(records), think());
  const looks = (): readonly Drawn[] => Array.from({ length: LOOKS }, look);
  const [before, after] = [[...load(0), ...load(1)], looks()];
  const drawClient = (client: number): readonly Drawn[] => {
    if (client === LOADER) return [...before, ...after, ...looks()];
    const one = (): readonly Drawn[] =>
      client === topology.clients - 1 ? drawImpression(random, 2 * records, think) : [look()];
    return Array.from({ length: topology.operationsPerClient }, one).flat();
  };
  return {
    keys: KEYS,
    records,
    namespace: smallValuesIn(namespace),
    operations: Array.from({ length: topology.clients }, (_, client) =>
      numbered(drawClient(client), client, topology, random).map(patient),
    ),
    versions: {
      loader: LOADER,
      others: IMPRESSIONS,
      steps: drawSteps(random, topology.servers, [
        before.length,
        before.length + after.length,
        before.length + 2 * after.length,
      ]),
    },
  };
}

/** A job has all the patience that there is. */
function patient(operation: Operation): Operation {
  return operation.kind === "put" ? { ...operation, giveUp: 0 } : operation;
}

/** The alias flips when the new version is loaded; then the old one goes, or the alias falls back and comes again. */
function drawSteps(
  random: KeyedRandom,
  servers: number,
  ends: readonly [number, number, number],
): readonly VersionStep[] {
  const step = (kind: VersionStep["kind"], after: number): VersionStep => ({
    kind,
    after,
    delays: Array.from({ length: servers }, () => random.below(HEARD_WITHIN)),
  });
  const [loaded, looked, lookedAgain] = ends;
  const falls = chance(random, 1, 2);
  const next = falls
    ? [step("flip", looked), step("flip", lookedAgain)]
    : [step("drop", chance(random, 1, 2) ? looked : lookedAgain)];
  return [step("flip", loaded), ...next];
}

function lookAt(random: KeyedRandom, record: number, think: Micros): Drawn {
  const bytes = between(random, 10, 80);
  return { ...pageOf(record, think, { from: 0, to: KEYS.length, bytes }), byAlias: true };
}

/** What a stream of views does to a user's counts: read, and written anew. */
function drawImpression(random: KeyedRandom, first: number, think: () => Micros): readonly Drawn[] {
  const record = first + random.below(IMPRESSIONS);
  const keys = someKeys(random, KEYS.length, 2);
  return [{ kind: "get", record, think: think(), keys }, putOf(record, 0, { keys, bytes: 12 })];
}

function checkVersions({ plan, history, versions }: ConsumerView): Violation | undefined {
  const { records, topology } = plan;
  const writers = new Map(plan.operations.flat().map(({ index, record }) => [index, record]));
  for (const read of history.reads) {
    if (read.record >= 2 * records || !isByAlias(read.operation, plan)) continue;
    const given = new Set(
      read.items.map(({ valueFrom }) => ((writers.get(valueFrom) ?? 0) < records ? 0 : 1)),
    );
    const operations = [read.operation];
    if (given.size > 1) {
      const what = "a traversal by the alias has items of both versions, wanted those of one";
      return { rule: "NS-4", what, operations };
    }
    const [version] = given;
    const pointed = pointedAt(versions?.flips ?? [], topology.servers, read);
    if (version !== undefined && !pointed.includes(version)) {
      const found = version === 0 ? "old" : "new";
      const what = `a traversal by the alias has items of the ${found} version, wanted the one that the alias pointed at all along`;
      return { rule: "NS-4", what, operations };
    }
  }
  return undefined;
}

function isByAlias(index: number, { operations }: Plan): boolean {
  return operations.some((list) =>
    list.some((each) => each.index === index && each.kind === "page" && each.byAlias),
  );
}
