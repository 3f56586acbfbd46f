/** An engine that is looked at from above: which calls reach it, how long they are out; and it can be held up. */
import { itemBytes, type Micros, SECOND } from "kvdal";
import { sleep, type Timers } from "kvdal/client";
import type { EngineCall, Mutation, RowsPage, StorageEngine } from "kvdal/engine";

/** A call of the engine port as it was made. */
export type SeenCall = {
  readonly verb: "write" | "readKeys" | "readRange" | "scan";
  readonly call: EngineCall;
  /** Of the clock that `call.deadline` is of. */
  readonly begunAt: Micros;
  /** Of a write; empty for reads. */
  readonly mutations: readonly Mutation[];
  /** Rows that a read looked at, once it has ended. */
  rowsExamined: number;
  /** Keys and values of the rows that a read brought, once it has ended. */
  bytesRead: number;
};

/** What a case can see of, and do to, the engine behind its namespaces. */
export type EngineWatch = {
  /** Calls since the store was opened, those of clean-up left out, in the order in which they were made. */
  readonly calls: readonly SeenCall[];
  /** Verbs of the calls that have not ended, those of clean-up among them, in the order in which they were made. */
  readonly out: () => readonly string[];
  /** Calls made from now on reach the engine only once the function returned is called, or after ten seconds. */
  readonly hold: () => () => void;
  /** Calls made from now on reach the engine so much later; 0 for at once. */
  readonly slow: (by: Micros) => void;
};

/** The engine as the namespaces get it, and its watch. */
export type WatchedEngine = { readonly engine: StorageEngine; readonly watch: EngineWatch };

/** How the names of tables for chunks end. */
export const CHUNK_TABLE = "_chunks";

/** Longest hold: a call that nothing ends must not hold up the case for ever. */
const HOLD_MOST: Micros = 10 * SECOND;

/** Puts a watch between a deployment and `engine`. `monotonic` is the clock of deadlines, `timers` really wait. */
export function watchEngine(
  engine: StorageEngine,
  monotonic: () => Micros,
  timers: Timers,
): WatchedEngine {
  const calls: SeenCall[] = [];
  const gate = createGate(timers);
  const { out, counted } = countCalls();
  const pass = <T>(made: Made, work: () => Promise<T>) => {
    const seen: SeenCall = { ...made, begunAt: monotonic(), rowsExamined: 0, bytesRead: 0 };
    calls.push(seen);
    return counted(made.verb, async () => {
      await gate.opened();
      return { seen, answer: await work() };
    });
  };
  const read = async (
    verb: "readKeys" | "readRange",
    call: EngineCall,
    work: () => Promise<RowsPage>,
  ): Promise<RowsPage> => {
    const { seen, answer } = await pass({ verb, call, mutations: [] }, work);
    seen.rowsExamined = answer.rowsExamined;
    seen.bytesRead = answer.rows.reduce((sum, row) => sum + itemBytes(row), 0);
    return answer;
  };
  return {
    engine: {
      ...engine,
      write: async (partition, mutations, call) => {
        const work = () => engine.write(partition, mutations, call);
        return (await pass({ verb: "write", call, mutations }, work)).answer;
      },
      provision: (spec, call) => counted("provision", () => engine.provision(spec, call)),
      putIfAbsent: (...args) => counted("putIfAbsent", () => engine.putIfAbsent(...args)),
      sweep: (request, call) => counted("sweep", () => engine.sweep(request, call)),
      readKeys: (request, call) => read("readKeys", call, () => engine.readKeys(request, call)),
      readRange: (request, call) => read("readRange", call, () => engine.readRange(request, call)),
      scan: async (request, call) => {
        // Whole tables of chunks are gone through by clean-up alone.
        if (request.table.endsWith(CHUNK_TABLE)) {
          return counted("scan", () => engine.scan(request, call));
        }
        const work = () => engine.scan(request, call);
        const { seen, answer } = await pass({ verb: "scan", call, mutations: [] }, work);
        seen.rowsExamined = answer.rowsExamined;
        seen.bytesRead = answer.entries.reduce((sum, { row }) => sum + itemBytes(row), 0);
        return answer;
      },
    },
    watch: { calls, out, hold: gate.hold, slow: gate.slow },
  };
}

/** Calls that are out, by their verbs. */
function countCalls(): {
  readonly out: EngineWatch["out"];
  readonly counted: <T>(verb: string, work: () => Promise<T>) => Promise<T>;
} {
  const calls = new Set<{ readonly verb: string }>();
  return {
    out: () => [...calls].map(({ verb }) => verb),
    counted: async (verb, work) => {
      const call = { verb };
      calls.add(call);
      try {
        return await work();
      } finally {
        calls.delete(call);
      }
    },
  };
}

/** A call as it comes, before anything is known of its end. */
type Made = Omit<SeenCall, "begunAt" | "rowsExamined" | "bytesRead">;

/** What calls pass on their way to the engine. */
type Gate = Pick<EngineWatch, "hold" | "slow"> & { readonly opened: () => Promise<void> };

function createGate(timers: Timers): Gate {
  let held: Promise<void> | undefined;
  let lag: Micros = 0;
  return {
    opened: async () => {
      if (held !== undefined) await held;
      if (lag > 0) await sleep(timers, lag);
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      const release = (): void => {
        held = undefined;
        cancelTimer();
        resolve();
      };
      const cancelTimer = timers.after(HOLD_MOST, release);
      return release;
    },
    slow: (by) => {
      lag = by;
    },
  };
}
