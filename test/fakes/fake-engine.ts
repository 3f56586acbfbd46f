import { MEMORY_CAPABILITIES } from "../../src/engines/memory/adapter.ts";
import { KvError } from "../../src/model/error.ts";
import type {
  EngineCapabilities,
  KeysRead,
  Mutation,
  MutationOutcome,
  Partition,
  RangeRead,
  StorageEngine,
} from "../../src/ports/storage-engine.ts";

/** One call of a verb as the engine got it. */
export type SeenCall =
  | {
      readonly verb: "write";
      readonly partition: Partition;
      readonly mutations: readonly Mutation[];
    }
  | { readonly verb: "readKeys"; readonly read: KeysRead }
  | { readonly verb: "readRange"; readonly read: RangeRead }
  | { readonly verb: "provision" | "close" };

/** An engine of scripted answers that keeps a list of its calls. */
export type FakeEngine = StorageEngine & { readonly calls: readonly SeenCall[] };

type Answers = Partial<
  Pick<StorageEngine, "write" | "readKeys" | "readRange" | "provision" | "close">
> & { readonly capabilities?: Partial<EngineCapabilities> };

/** Answers as told; by default every mutation is applied and every read finds nothing. */
export function fakeEngine(answers: Answers = {}): FakeEngine {
  const calls: SeenCall[] = [];
  const nothing = { rows: [], rowsExamined: 0, resumeAfter: undefined };
  const unforeseen = async (): Promise<never> => {
    throw new KvError("UNSUPPORTED", "not in this script");
  };
  return {
    calls,
    capabilities: { ...MEMORY_CAPABILITIES, ...answers.capabilities, engine: "fake" },
    write: async (partition, mutations, call) => {
      calls.push({ verb: "write", partition, mutations });
      if (answers.write !== undefined) return answers.write(partition, mutations, call);
      return mutations.map((): MutationOutcome => ({ kind: "applied" }));
    },
    readKeys: async (read, call) => {
      calls.push({ verb: "readKeys", read });
      return answers.readKeys === undefined ? nothing : answers.readKeys(read, call);
    },
    readRange: async (read, call) => {
      calls.push({ verb: "readRange", read });
      return answers.readRange === undefined ? nothing : answers.readRange(read, call);
    },
    provision: async (spec, call) => {
      calls.push({ verb: "provision" });
      await answers.provision?.(spec, call);
    },
    close: async () => {
      calls.push({ verb: "close" });
      await answers.close?.();
    },
    putIfAbsent: unforeseen,
    scan: unforeseen,
    sweep: unforeseen,
  };
}
