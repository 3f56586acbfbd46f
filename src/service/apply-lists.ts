/**
 * The applier: what is in the log takes effect (MUT-1). It may be stopped at any step and begun again by any server,
 * beside any number of others, since every step is one that can be done twice: a marker goes last of all.
 */
import { eachInWindow } from "../codec/in-window.ts";
import { asKvError, KvError } from "../model/error.ts";
import type { LoggedMutation } from "../model/mutation-list.ts";
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import { logCall } from "../namespace/log.ts";
import { firstOpen, isDue, isPast, isTriedAgain, waitAfter } from "../policy/log-rules.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { applyMutation } from "./apply-mutation.ts";
import { writeLetter } from "./dead-letters.ts";
import { type ListRecord, readContent, readListRecord, writeDone } from "./list-state.ts";
import { type NamedQueue, nameQueue, readQueues, unnameQueue } from "./log-index.ts";
import type { LogParts } from "./log-parts.ts";
import {
  type Head,
  listRecord,
  type Marker,
  markerPut,
  markerRemoval,
  type Queue,
  queueRecord,
  readMarkers,
  SHARDS,
  writeLog,
} from "./log-store.ts";

/** What one round came to. */
export type ApplyReport = {
  /** Mutations applied, those that newer writes had overtaken included. */
  readonly applied: number;
  readonly deadLetters: number;
  /** Lists that still wait. */
  readonly pending: number;
};

/** Lists that a round has under way at a time. */
const LISTS_AT_ONCE = 4;
/** Lists in a row that a round may fail at: then it is the log itself that does not answer. */
const FAILURES_MAX = 3;
/** Mutations of a namespace in a row that a round waits for in vain. */
const LATE_MAX = 8;

/** One round over all that waits. Rejects with the first `KvError` of the log itself; the next round does the rest. */
export async function applyLists(parts: LogParts, signal: AbortSignal): Promise<ApplyReport> {
  return await new Round(parts, signal).run();
}

type List = readonly LoggedMutation[];

class Round {
  readonly #parts: LogParts;
  readonly #signal: AbortSignal;
  #applied = 0;
  #deadLetters = 0;
  #left = 0;
  #oldest: Micros | undefined;
  #failures = 0;
  /** By namespace: how many of its mutations in a row found no answer in time. */
  readonly #late = new Map<string, number>();

  constructor(parts: LogParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  async run(): Promise<ApplyReport> {
    const { gauge, env } = this.#parts;
    const { clock, telemetry, random } = env;
    gauge.beginRound();
    // Servers begin at different shards: two of them seldom do the same.
    const first = random.fork("applier").below(SHARDS);
    for (let turn = 0; turn < SHARDS; turn += 1) {
      const shard = (first + turn) % SHARDS;
      for (const queue of await this.#queues(shard)) await this.#drain(queue);
    }
    gauge.endRound(this.#left, this.#oldest);
    telemetry.observe("log_lists_pending", this.#left);
    telemetry.observe("log_lag_micros", gauge.pressure(clock.wall()).lag);
    return { applied: this.#applied, deadLetters: this.#deadLetters, pending: this.#left };
  }

  readonly #call = (): EngineCall => {
    const { env, log } = this.#parts;
    return logCall(log, env, this.#signal);
  };

  /**
   * Where lists of a shard may wait. Buckets that were left are not crossed again: what is named after this look is of
   * now, or a little before. A queue that this server made known and that is not past is named again where somebody
   * took it for past.
   */
  async #queues(shard: number): Promise<readonly NamedQueue[]> {
    const { env, log, firstBuckets } = this.#parts;
    const now = env.clock.wall();
    const open = firstOpen(now, log);
    // A clock that has been set back had left buckets that lists come into now.
    const from = Math.min(firstBuckets.get(shard) ?? 0, open);
    const known = this.#known(shard, now);
    let queues = await readQueues(log, shard, from, this.#call);
    const lost = known.filter(({ bucket }) => queues.every((queue) => queue.bucket !== bucket));
    for (const queue of lost) await nameQueue(log, queue, now, this.#call());
    if (lost.length > 0) queues = await readQueues(log, shard, from, this.#call);
    firstBuckets.set(shard, Math.min(queues[0]?.bucket ?? open, open));
    return queues;
  }

  #known(shard: number, now: Micros): readonly Queue[] {
    const { log, knownQueues } = this.#parts;
    const all = [...knownQueues.values()];
    return all.filter((queue) => queue.shard === shard && !isPast(queue.bucket, now, log));
  }

  /** Everything that waits in one queue. One that is past and was empty is looked at no more. */
  async #drain(queue: NamedQueue): Promise<void> {
    const { env, log, knownQueues } = this.#parts;
    const now = env.clock.wall();
    const markers = await readMarkers(log, queue, this.#call);
    await eachInWindow(markers, LISTS_AT_ONCE, async (marker) => {
      if (this.#signal.aborted) return;
      const isOver = isDue(marker, env.clock.wall(), log) && (await this.#tried(marker));
      if (isOver) return;
      this.#left += 1;
      this.#oldest = Math.min(this.#oldest ?? marker.acceptedAt, marker.acceptedAt);
    });
    if (markers.length > 0 || !isPast(queue.bucket, now, log)) return;
    await unnameQueue(log, queue, this.#call());
    knownQueues.delete(queueRecord(queue));
  }

  /** One list, whose failure does not hold up the others. Whether nothing of it is left to do. */
  async #tried(marker: Marker): Promise<boolean> {
    try {
      const isOver = await this.#apply(marker);
      this.#failures = 0;
      return isOver;
    } catch (error) {
      this.#failures += 1;
      if (this.#signal.aborted || this.#failures >= FAILURES_MAX) throw error;
      return false;
    }
  }

  /** One list. Whether nothing of it is left to do. */
  async #apply(found: Marker): Promise<boolean> {
    const { log } = this.#parts;
    const record = await readListRecord(log, found.token, this.#call);
    if (record.done === undefined && record.head !== undefined) {
      const marker = await this.#noted(found);
      const refusals = await this.#applyContent(marker, record.head, record);
      if (refusals !== undefined) {
        await this.#putOff({ ...marker, refusals });
        return false;
      }
    } else await this.#confirm(found.token, record);
    await writeLog(log, queueRecord(found.queue), [markerRemoval(found.token)], this.#call());
    return true;
  }

  /**
   * One that has waited for long was tried by somebody who did not come to note it, perhaps more than once: it is
   * counted before it is tried, so that a list that ends the lives of servers gets its turn less and less often.
   */
  async #noted(marker: Marker): Promise<Marker> {
    const { env, log } = this.#parts;
    const now = env.clock.wall();
    const begun = { ...marker, attempts: marker.attempts + 1 };
    if (now - marker.acceptedAt < log.settleMicros) return begun;
    const notBefore = now + waitAfter(begun.attempts, log);
    const noted = markerPut({ ...begun, notBefore });
    await writeLog(log, queueRecord(marker.queue), [noted], this.#call());
    return begun;
  }

  async #putOff(marker: Marker): Promise<void> {
    const { env, log } = this.#parts;
    const notBefore = env.clock.wall() + waitAfter(marker.attempts, log);
    const put = markerPut({ ...marker, notBefore });
    await writeLog(log, queueRecord(marker.queue), [put], this.#call());
  }

  /**
   * Applies what of the list has no end yet, and notes that it is done when all has: undefined then. Where something is
   * left, how often what waits was refused.
   */
  async #applyContent(
    { token, refusals: before }: Marker,
    head: Head,
    { states, keptUntil }: ListRecord,
  ): Promise<Marker["refusals"] | undefined> {
    const { log } = this.#parts;
    const list = await this.#content(token, head);
    if (list === undefined) return undefined;
    const refusals = new Map(before);
    // Mutations of one record go in order: those behind one that waits wait too.
    const waiting = new Set<string>();
    for (let place = 0; place < head.mutations; place += 1) {
      if (states.has(place)) continue;
      const logged = list instanceof KvError ? undefined : list[place];
      const record = recordOf(logged, place);
      if (waiting.has(record)) continue;
      if (this.#isHanging(logged)) {
        waiting.add(record);
        continue;
      }
      const error = list instanceof KvError ? list : await this.#applyOne(logged!);
      if (error === undefined) continue;
      if (this.#signal.aborted) throw error;
      const { code, retry } = error;
      const count = (before.get(place) ?? 0) + 1;
      if (isTriedAgain({ code, retry, refusals: count }, log.attemptsMax)) {
        if (retry === "never") refusals.set(place, count);
        waiting.add(record);
        continue;
      }
      await writeLetter(this.#parts, { token, place, keptUntil }, logged, error, this.#call);
      this.#deadLetters += 1;
      this.#parts.env.telemetry.count("log_dead_letters");
    }
    if (waiting.size > 0) return refusals;
    await writeDone(log, token, head.mutations, this.#call(), states);
    return undefined;
  }

  /** Another applier's end of a list may lie on one copy only: nothing relies on it before it is written again. */
  async #confirm(token: IdempotencyToken, { done, states }: ListRecord): Promise<void> {
    if (done !== undefined) await writeDone(this.#parts.log, token, done, this.#call(), states);
  }

  /**
   * The mutations of a list; undefined when another applier has come to its end meanwhile, and dropped them. Or why
   * they cannot be had: damage is no reason to try the same list for ever.
   */
  async #content(token: IdempotencyToken, head: Head): Promise<List | KvError | undefined> {
    const { log } = this.#parts;
    const at = { id: listRecord(token), nonce: token.nonce };
    try {
      return await readContent(log, at, head, this.#call);
    } catch (thrown) {
      const error = asKvError(thrown);
      if (error.code !== "DATA_LOSS") throw error;
      const again = await readListRecord(log, token, this.#call);
      if (again.done === undefined && again.head !== undefined) return error;
      await this.#confirm(token, again);
      return undefined;
    }
  }

  /** Whether its engine did not answer in time again and again: others do not wait for more of that in this round. */
  #isHanging(logged: LoggedMutation | undefined): boolean {
    if (logged === undefined) return false;
    return (this.#late.get(logged.mutation.namespace) ?? 0) >= LATE_MAX;
  }

  async #applyOne(logged: LoggedMutation): Promise<KvError | undefined> {
    const { namespace } = logged.mutation;
    try {
      await applyMutation(logged, this.#parts, this.#signal);
    } catch (thrown) {
      const error = asKvError(thrown);
      const isLate = error.code === "DEADLINE_EXCEEDED";
      this.#late.set(namespace, isLate ? (this.#late.get(namespace) ?? 0) + 1 : 0);
      return error;
    }
    this.#late.delete(namespace);
    this.#applied += 1;
    this.#parts.env.telemetry.count("log_mutations_applied");
    return undefined;
  }
}

/** What of a list cannot be had is refused mutation by mutation: each as a record of its own. */
function recordOf(logged: LoggedMutation | undefined, place: number): string {
  if (logged === undefined) return `${place}`;
  return `${logged.mutation.namespace} ${logged.mutation.id}`;
}
