/** Writes of the reference model: what they are, how they end, and when they come to each copy. */
import type { Micros } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../../world/keyed-random.ts";
import type { WriteRecord } from "../history.ts";
import type { ModelWrite } from "./reference.ts";

/** The bounds of one history. */
export type ModelShape = {
  readonly keys: number;
  readonly records: number;
  /** Whether clients ask again at once, so that much is under way together. */
  readonly isBusy: boolean;
  /** By how much a clock may be off, either way. */
  readonly skew: Micros;
};

/** One a client: two writes are never wholly alike. */
const NONCES = ["0b", "f0", "0a"].map((digits) => digits.repeat(16));
const NEVER = Number.POSITIVE_INFINITY;

/** Draws one write and its fate. */
export function drawWrite(
  random: KeyedRandom,
  shape: ModelShape,
  when: {
    readonly operation: number;
    readonly client: number;
    readonly begun: Micros;
    readonly ended: Micros;
    readonly lastToken: Micros;
  },
): ModelWrite {
  const { operation, client, begun, ended, lastToken } = when;
  // In ticks of five, so that clients tie.
  const clock = Math.floor((begun + between(random, -shape.skew, shape.skew)) / 5) * 5;
  const outcome = pick(random, ["acked", "acked", "acked", "unknown", "unknown", "refused"]);
  const write: WriteRecord = {
    ...drawEffect(random, shape, Math.max(lastToken + 1, clock), NONCES[client] as string),
    operation,
    client,
    record: random.below(shape.records),
    chunked: 0,
    begun,
    ended,
    acknowledged: outcome === "acked" ? ended : NEVER,
    code: outcome === "acked" ? undefined : "UNAVAILABLE",
    refused: outcome === "refused",
  };
  return { write, arrivals: drawArrivals(random, outcome, write) };
}

function drawEffect(
  random: KeyedRandom,
  { keys, skew }: ModelShape,
  time: Micros,
  nonce: string,
): Pick<WriteRecord, "kind" | "scope" | "keys" | "order"> {
  const all = (1 << keys) - 1;
  const some = 1 + random.below(all);
  if (chance(random, 1, 3)) {
    const scope = pick(random, ["keys", "range", "record"] as const);
    const from = random.below(keys);
    const range = all & ~((1 << from) - 1);
    const named = scope === "record" ? all : scope === "range" ? range : some;
    return { kind: "delete", scope, keys: named, order: { time, rank: 2, expiry: 0, nonce } };
  }
  const expiry = chance(random, 1, 3) ? time + between(random, 1, 40 + skew) : 0;
  const order = { time, rank: expiry === 0 ? 0 : 1, expiry, nonce };
  return { kind: "put", scope: undefined, keys: some, order };
}

/** An acknowledged write came to two copies in time; of an unknown one nobody knows; a refused one came nowhere. */
function drawArrivals(
  random: KeyedRandom,
  outcome: string,
  { begun, ended }: WriteRecord,
): readonly Micros[] {
  const inTime = (): Micros => between(random, begun + 1, ended);
  const whenever = (): Micros =>
    chance(random, 1, 3) ? NEVER : between(random, begun + 1, ended + 60);
  const late = random.below(3);
  return [0, 1, 2].map((copy) => {
    if (outcome === "refused") return NEVER;
    return outcome === "acked" && copy !== late ? inTime() : whenever();
  });
}
