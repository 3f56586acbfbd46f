/** Draws lists of operations: few keys, few versions, so that writes meet. */
import { fromHex, MINUTE, SECOND } from "kvdal";
import type { Consistency } from "kvdal/engine";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import type {
  DrawnCall,
  DrawnMutation,
  DrawnRange,
  DrawnVersion,
  FidelityList,
  FidelityOperation,
} from "./operation.ts";

/** What both engines can be asked. */
export type CommonGround = {
  readonly putIfAbsent: boolean;
  /** Whether a write is one step: elsewhere what meets of its own mutations is a race. */
  readonly writesAreAtomic: boolean;
  readonly consistency: readonly Consistency[];
  /** Sizes of values that are worth a look: around limits of both. */
  readonly paddings: readonly number[];
};

/** Keys that nest, collide and sort by their last byte. */
const KEYS = ["", "00", "0000", "61", "6100", "6162", "7f", "80", "8000", "ff", "ffff"];
const LONG_KEY_BYTES = 900;
const RECORDS = 2;
const WHOLE_RECORD = {
  kind: "read_range",
  range: {},
  reverse: false,
  rowLimit: 100,
  projection: "rows",
} as const;
const OPERATIONS_MIN = 4;
const OPERATIONS_MAX = 24;

/** A list of operations, with keys in the order of their bytes. */
export function drawList(random: KeyedRandom, ground: CommonGround): FidelityList {
  const some = KEYS.filter(() => chance(random, 2, 3)).map(fromHex);
  const long = chance(random, 1, 6) ? [new Uint8Array(LONG_KEY_BYTES).fill(0xff)] : [];
  const keys = [...(some.length === 0 ? [fromHex("6b")] : some), ...long];
  const length = between(random, OPERATIONS_MIN, OPERATIONS_MAX);
  // Scans and sweeps meet what all other lists left: a few lists have them.
  const goesThroughTable = chance(random, 1, 6);
  const operations = Array.from({ length }, () => {
    const drawn = drawOperation(random, keys.length, ground);
    const isThroughTable = drawn.kind === "scan" || drawn.kind === "sweep";
    return isThroughTable && !goesThroughTable ? { ...drawn, ...WHOLE_RECORD } : drawn;
  });
  return { keys, operations };
}

function drawOperation(
  random: KeyedRandom,
  keyCount: number,
  ground: CommonGround,
): FidelityOperation {
  const common = { record: random.below(RECORDS), call: drawCall(random, ground) };
  const projection = chance(random, 3, 4) ? "rows" : "keys";
  const rowLimit = pick(random, [1, 2, 3, 100]);
  const roll = random.below(100);
  if (roll < 52) {
    return { ...common, kind: "write", mutations: drawMutations(random, keyCount, ground) };
  }
  if (roll < 64) {
    return { ...common, kind: "read_keys", keys: drawKeys(random, keyCount), projection };
  }
  if (roll < 88) {
    const range = chance(random, 1, 2) ? {} : drawRange(random, keyCount);
    const reverse = chance(random, 1, 2);
    return { ...common, kind: "read_range", range, reverse, rowLimit, projection };
  }
  if (roll < 94 && ground.putIfAbsent) {
    return { ...common, kind: "put_if_absent", put: drawPut(random, keyCount, ground) };
  }
  if (roll < 98) {
    return { ...common, kind: "scan", segments: pick(random, [1, 2, 5]), rowLimit };
  }
  return { ...common, kind: "sweep" };
}

function drawCall(random: KeyedRandom, { consistency }: CommonGround): DrawnCall {
  const roll = random.below(40);
  return {
    now: pick(random, [0, 0, 2 * SECOND]),
    consistency: chance(random, 5, 6) ? "quorum" : pick(random, consistency),
    state: roll === 0 ? "late" : roll === 1 ? "given up" : "in time",
  };
}

/** Some mutations of times of their own: what two of one write and one version are, the port leaves open. */
function drawMutations(
  random: KeyedRandom,
  keyCount: number,
  ground: CommonGround,
): readonly DrawnMutation[] {
  const mutations: DrawnMutation[] = [];
  const count = pick(random, [1, 1, 2, 4]);
  for (let i = 0; i < count; i += 1) {
    const drawn = drawMutation(random, keyCount, ground);
    const isApart = (other: DrawnMutation): boolean =>
      other.version.time !== drawn.version.time &&
      (ground.writesAreAtomic || !isOfOneKey(other, drawn));
    if (mutations.every(isApart)) mutations.push(drawn);
  }
  return mutations;
}

function isOfOneKey(one: DrawnMutation, other: DrawnMutation): boolean {
  return "key" in one && "key" in other ? one.key === other.key : one.kind === other.kind;
}

function drawMutation(random: KeyedRandom, keyCount: number, ground: CommonGround): DrawnMutation {
  const roll = random.below(20);
  if (roll < 13) return drawPut(random, keyCount, ground);
  const version = { ...drawVersion(random), expiry: 0 };
  if (roll < 17) return { kind: "delete_key", key: random.below(keyCount), version };
  if (roll < 19) return { kind: "delete_range", range: drawRange(random, keyCount), version };
  return { kind: "delete_record", version };
}

function drawPut(
  random: KeyedRandom,
  keyCount: number,
  { paddings }: CommonGround,
): Extract<DrawnMutation, { kind: "put" }> {
  const version = drawVersion(random);
  const key = random.below(keyCount);
  // What lies under one version is one content: its size follows from it.
  const isPadded = version.time === 3 && version.nonce === 1;
  const padding = isPadded ? (paddings[(key + version.expiry) % paddings.length] ?? 0) : 0;
  return { kind: "put", key, version, padding };
}

function drawVersion(random: KeyedRandom): DrawnVersion {
  return {
    time: random.below(8),
    nonce: between(random, 1, 3),
    expiry: chance(random, 3, 4) ? 0 : pick(random, [SECOND, MINUTE]),
  };
}

function drawKeys(random: KeyedRandom, keyCount: number): readonly number[] {
  const keys = Array.from({ length: keyCount }, (_, key) => key).filter(() => chance(random, 1, 2));
  return keys.length === 0 ? [random.below(keyCount)] : keys;
}

/** A range that is not empty: from a key to one after it, or open at an end or both. */
function drawRange(random: KeyedRandom, keyCount: number): DrawnRange {
  const start = random.below(keyCount + 1);
  const end = start + 1 + random.below(keyCount);
  const isOpen = start === keyCount;
  if (isOpen) return keyCount === 1 ? {} : { end: between(random, 1, keyCount - 1) };
  return end >= keyCount ? { start } : { start, end };
}
