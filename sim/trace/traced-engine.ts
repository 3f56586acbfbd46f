/** A server's engine, watched: every call with its outcome. The promises are the engine's own, so that nothing happens otherwise. */
import type { EngineCall, Partition, ScanRead, StorageEngine } from "kvdal/engine";
import { readOf, tableOf } from "./describe.ts";
import type { Words } from "./words.ts";

/** A call that is watched. */
export type CallNotes = {
  /** It has been handed to the engine, which has sent what it sends at once. */
  readonly issued: () => void;
  readonly ended: (outcome: "answered" | "failed", said: string) => void;
};

/** A call begins; `partition` is absent for a scan. */
export type NoteCall = (
  text: string,
  partition: Partition | undefined,
  signal: AbortSignal,
) => CallNotes;

/** The engine, with each call noted. */
export function tracedEngine(engine: StorageEngine, words: Words, note: NoteCall): StorageEngine {
  const watch = <T>(
    [text, partition]: readonly [string, Partition | undefined],
    { signal }: EngineCall,
    say: (answer: T) => string,
    work: () => Promise<T>,
  ): Promise<T> => {
    const { issued, ended } = note(text, partition, signal);
    const working = work();
    issued();
    working.then(
      (answer) => ended("answered", say(answer)),
      (error: unknown) => ended("failed", `failed: ${String(error)}`),
    );
    return working;
  };
  const shownRows = ({ rows }: Awaited<ReturnType<StorageEngine["readKeys"]>>): string =>
    rows.length === 0 ? "no rows" : rows.map((row) => words.row(row)).join(", ");
  const described = (
    read: Parameters<typeof readOf>[0],
  ): readonly [string, Partition | undefined] => {
    const { text, partition } = readOf(read, words);
    return [text, partition];
  };
  return {
    ...engine,
    write: (partition, mutations, call) => {
      const text = `write${tableOf(partition)} ${words.mutations(mutations).text}`;
      const work = (): ReturnType<StorageEngine["write"]> =>
        engine.write(partition, mutations, call);
      return watch([text, partition], call, () => "written", work);
    },
    readKeys: (read, call) =>
      watch(described(read), call, shownRows, () => engine.readKeys(read, call)),
    readRange: (read, call) =>
      watch(described(read), call, shownRows, () => engine.readRange(read, call)),
    scan: (read: ScanRead, call) =>
      watch(
        described(read),
        call,
        ({ entries }) => `${entries.length} rows`,
        () => engine.scan(read, call),
      ),
  };
}
