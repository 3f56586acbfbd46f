/** A real engine whose own failures are noticed: a run in which one happens proves nothing. */
import { KvError, type KvErrorCode } from "kvdal";
import type { MutationOutcome, StorageEngine } from "kvdal/engine";
import { realScope } from "./scope.ts";

/** What an engine answers when it is in trouble. All others are answers, or faults of ours. */
const TROUBLE: ReadonlySet<KvErrorCode> = new Set(["UNAVAILABLE", "OUTCOME_UNKNOWN", "OVERLOADED"]);

/** `engine`, with `onTrouble` told of every failure that no plan drew. */
export function watchedEngine(
  engine: StorageEngine,
  onTrouble: (message: string) => void,
): StorageEngine {
  const note = (error: unknown): void => {
    if (!(error instanceof KvError) || !TROUBLE.has(error.code)) return;
    if (realScope.getStore()?.timedOut !== true) onTrouble(error.message);
  };
  const watched = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      note(error);
      throw error;
    }
  };
  return {
    ...engine,
    write: async (partition, mutations, call) => {
      const outcomes = await watched(engine.write(partition, mutations, call));
      for (const outcome of outcomes) note(errorOf(outcome));
      return outcomes;
    },
    readKeys: (read, call) => watched(engine.readKeys(read, call)),
    readRange: (read, call) => watched(engine.readRange(read, call)),
  };
}

function errorOf(outcome: MutationOutcome): unknown {
  return outcome.kind === "failed" ? outcome.error : undefined;
}
