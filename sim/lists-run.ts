/** Lists of mutations in one run of a plan: the watch over their log, and how all of them end. */
import { type KvError, type Micros, MILLISECOND } from "kvdal";
import type { WorldBackend } from "./backends/backend.ts";
import type { ListHistory } from "./check/list-history.ts";
import type { Recorder } from "./workload/recorder.ts";
import type { Operation } from "./workload/operation.ts";
import { LOG_TABLE, STATUS_FIRST } from "./workload/lists-plan.ts";
import type { Places } from "./workload/places.ts";
import type { Plan } from "./workload/plan.ts";
import { EVENTS } from "./world/event-codes.ts";
import { LogWatch, ROUND_KEY } from "./world/log-watch.ts";
import type { ListsSetup } from "./world/server-log.ts";
import type { SimClient } from "./world/sim-client.ts";
import type { SimServer } from "./world/sim-server.ts";
import type { World } from "./world/world.ts";
import { ROUND_TIMEOUT } from "./schedule.ts";

/** What a run has lists by. */
export type ListsRunParts = {
  readonly world: World;
  readonly plan: NonNullable<Plan["lists"]>;
  readonly places: Places;
  readonly backend: Pick<WorldBackend, "callsLastAsRequests" | "views">;
};

/** Rounds until everything that waits is applied, at most; past it, it is not. */
const ROUNDS_MAX = 40;
/** Between them: no list waits for longer to be tried again. */
const BETWEEN: Micros = 25 * MILLISECOND;
/** Keys of these rounds, out of reach of those of the plan. */
const LAST_ROUNDS = ROUND_KEY + 0x10_0000;
const LETTERS_KEY = 0x6e00_0000;
/** First bytes of the keys under which the log keeps what a list says: its head, and its pieces. */
const CONTENT: ReadonlySet<number> = new Set([0x62, 0x70]);

/** The lists of one run. */
export class ListsRun {
  readonly setup: ListsSetup;
  readonly #parts: ListsRunParts;
  #letters: readonly string[] = [];

  constructor(parts: ListsRunParts) {
    const { world, plan, places, backend } = parts;
    const records = new Map<string, number>();
    for (let record = 0; record < places.records; record += 1) {
      records.set(places.idOf(record), record);
    }
    const recordOf = (id: string): number | undefined => records.get(id);
    const watch = new LogWatch({ world, crashes: plan.crashes, recordOf });
    const lasting = backend.callsLastAsRequests ? { callMicrosMax: ROUND_TIMEOUT } : {};
    this.setup = { options: { ...plan.log, ...lasting }, watch };
    this.#parts = parts;
  }

  /** Rounds of all servers by turns, until nothing waits; the world is sound by now. */
  async drain(servers: readonly SimServer[]): Promise<void> {
    let quiet = 0;
    for (let turn = 0; turn < ROUNDS_MAX && quiet < servers.length; turn += 1) {
      await this.#wait(BETWEEN);
      const server = servers[turn % servers.length] as SimServer;
      const pending = await server.log?.apply(LAST_ROUNDS + turn, ROUND_TIMEOUT);
      quiet = pending === 0 ? quiet + 1 : 0;
    }
    // By the appliers' own word; that all lists have their end is asked for later.
    if (quiet < servers.length) this.#parts.world.noteLeft("lists that an applier says still wait");
  }

  /** Asks what became of every list that was accepted, and which dead letters there are. Why it was not told. */
  async ask(
    reader: SimClient,
    servers: readonly SimServer[],
    recorder: Recorder,
  ): Promise<KvError | undefined> {
    recorder.lists.latest.clear();
    const questions = [...recorder.lists.accepted.keys()].map((of, i) => questionOf(of, i));
    const failed = await reader.run(questions);
    this.#lookForContent(recorder);
    const letters = (await servers[0]?.log?.letters(LETTERS_KEY, ROUND_TIMEOUT)) ?? [];
    this.#letters = letters.map(({ letterId, place }) => {
      const time = Number.parseInt(letterId.slice(0, 16), 16);
      return `${time} ${letterId.slice(16, 48)} ${place}`;
    });
    return failed;
  }

  /** A list that has its end leaves nothing of its content in the log, on no replica. */
  #lookForContent({ lists: { accepted, latest } }: Recorder): void {
    const { world, backend } = this.#parts;
    for (const { operation, requestId } of accepted.values()) {
      const states = latest.get(operation) ?? [];
      if (states.length === 0 || states.includes("pending")) continue;
      const [name = ""] = requestId.split("@");
      const keys = backend.views(`list-${name}`, LOG_TABLE).flatMap((view) => view);
      if (keys.some(({ key }) => CONTENT.has(key[0] ?? 0))) {
        world.noteLeft(`the content of list ${operation}, which has its end, in the log`);
      }
    }
  }

  /** Those of a plan; undefined where it has none. */
  static of(
    parts: Pick<ListsRunParts, "world" | "places" | "backend">,
    { lists: plan }: Plan,
  ): ListsRun | undefined {
    return plan && new ListsRun({ ...parts, plan });
  }

  history({ lists }: Recorder): ListHistory {
    const { applied } = this.setup.watch;
    return { lists: lists.lists, applied, final: lists.latest, letters: this.#letters };
  }

  #wait(delay: Micros): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.world.after(delay, EVENTS.drainWait.code, resolve);
    });
  }
}

function questionOf(of: number, turn: number): Operation {
  return { index: STATUS_FIRST + turn, think: 0, giveUp: 0, record: 0, kind: "status", of };
}
