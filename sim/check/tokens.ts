/** Oracle for tokens: those of a client increase, they follow its clock, and servers keep to their window. */
import type { History, Oracle, Violation, WriteRecord } from "./history.ts";
import { operationsOf, requestWords } from "./request-words.ts";

type TokenRule = "TOK-2" | "TOK-3" | "TOK-9";
type Broken = Violation<TokenRule> | undefined;

/** Judges every write by its token's time alone; what the writes did is judged by the oracle of reads. */
export const tokensOracle: Oracle<TokenRule> = {
  name: "tokens",
  rules: ["TOK-2", "TOK-3", "TOK-9"],
  check: (history) =>
    checkIncrease(history) ??
    checkSkew(history) ??
    checkWindow(history) ??
    checkAdmissions(history),
};

/** A client's writes stand in the history in the order in which it asked for them. */
function checkIncrease({ writes }: History): Broken {
  const before = new Map<number, WriteRecord[]>();
  for (const write of writes) {
    const earlier = before.get(write.client) ?? [];
    const late = earlier.find((one) => write.order.time <= one.order.time && !isLetGo(one, write));
    if (late !== undefined) {
      const what = `client ${write.client} made token ${write.order.time} after ${late.order.time}, wanted more`;
      return { rule: "TOK-2", what, operations: [late.operation, write.operation] };
    }
    // Of those that can never be let go the last is the newest.
    before.set(write.client, [...(isTooNew(write) ? earlier : earlier.filter(isTooNew)), write]);
  }
  return undefined;
}

/** One that its client was told is refused for its clock holds nothing up once that clock is set back. */
function isLetGo(refused: WriteRecord, { shown = 0 }: WriteRecord): boolean {
  return isTooNew(refused) && shown < (refused.shown ?? Number.POSITIVE_INFINITY);
}

function isTooNew({ toldRefused = false, code }: WriteRecord): boolean {
  return toldRefused && code === "TOKEN_FROM_FUTURE";
}

function checkSkew({ writes, clientSkew }: History): Broken {
  const acknowledged = new AcknowledgedTimes(writes);
  for (const write of writes) {
    const since = write.begun - clientSkew;
    if (acknowledged.newestBefore(since) < write.order.time) continue;
    for (const earlier of writes) {
      if (earlier.acknowledged >= since || earlier.order.time < write.order.time) continue;
      const what =
        `a write begun ${write.begun - earlier.acknowledged} µs after another's acknowledgement loses against it, ` +
        `wanted that it wins where clocks differ by at most ${clientSkew} µs`;
      return { rule: "TOK-9", what, operations: [earlier.operation, write.operation] };
    }
  }
  return undefined;
}

/** The newest time of the tokens that were acknowledged before an instant: no write has to be held against each other. */
class AcknowledgedTimes {
  readonly #instants: number[] = [];
  /** Of those acknowledged at this one of the instants, or before. */
  readonly #newest: number[] = [];

  constructor(writes: readonly WriteRecord[]) {
    let newest = Number.NEGATIVE_INFINITY;
    for (const { acknowledged, order } of writes.toSorted(byAcknowledgement)) {
      newest = Math.max(newest, order.time);
      this.#instants.push(acknowledged);
      this.#newest.push(newest);
    }
  }

  newestBefore(instant: number): number {
    let [low, high] = [0, this.#instants.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#instants[middle] as number) < instant) low = middle + 1;
      else high = middle;
    }
    return this.#newest[low - 1] ?? Number.NEGATIVE_INFINITY;
  }
}

function byAcknowledgement(a: WriteRecord, b: WriteRecord): number {
  if (a.acknowledged === b.acknowledged) return 0;
  return a.acknowledged < b.acknowledged ? -1 : 1;
}

/** Each server by its own clock: both ends of the window are inside. */
function checkAdmissions({ admissions, tokenWindow: { maxAge, maxDrift } }: History): Broken {
  for (const { time, wall, verdict, request } of admissions) {
    const late = time - (wall + maxDrift);
    const early = wall - maxAge - time;
    const wanted = early > 0 ? "TOKEN_FROM_PAST" : late > 0 ? "TOKEN_FROM_FUTURE" : "taken";
    if (verdict === wanted) continue;
    const found = `token ${time} met ${verdict} at a server whose clock showed ${wall}`;
    const what = `${requestWords(request)}${found}, wanted ${wanted}`;
    return { rule: "TOK-3", what, operations: operationsOf(request) };
  }
  return undefined;
}

function checkWindow(history: History): Broken {
  for (const write of history.writes) {
    const what = windowFlaw(write, history);
    if (what !== undefined) return { rule: "TOK-3", what, operations: [write.operation] };
  }
  return undefined;
}

/**
 * What is wrong with the taking or refusing of a token, by the clocks that servers can have shown meanwhile. An
 * attempt may come after others, so what is refused as too old must not have been so at the beginning.
 */
function windowFlaw(write: WriteRecord, history: History): string | undefined {
  const { time } = write.order;
  const { maxAge, maxDrift } = history.tokenWindow;
  const first = history.serverWall(write.begun);
  const last = history.serverWall(write.ended);
  if (write.code === undefined) {
    if (time > last.high + maxDrift) return `token ${time} was taken, too new for every server`;
    if (time < first.low - maxAge) return `token ${time} was taken, too old for every server`;
    return undefined;
  }
  const { listTimes = { first: time, last: time } } = write;
  if (write.code === "TOKEN_FROM_FUTURE" && listTimes.last <= first.low + maxDrift) {
    return `token ${time} was refused as too new, though within every server's window`;
  }
  if (write.code === "TOKEN_FROM_PAST" && listTimes.first >= last.high - maxAge) {
    return `token ${time} was refused as too old, though within every server's window`;
  }
  return undefined;
}
