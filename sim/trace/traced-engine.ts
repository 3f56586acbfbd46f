/** A server's engine, watched: every call with its outcome. The promises are the engine's own, so that nothing happens otherwise. */
import { KvError } from "kvdal";
import type {
  EngineCall,
  Row,
  KeysRead,
  RangeRead,
  RowsPage,
  ScanPage,
  ScanRead,
  StorageEngine,
} from "kvdal/engine";
import { LOG_TABLE } from "../workload/lists-plan.ts";
import { type LogStep, writeStep } from "../world/log-steps.ts";
import { readOf, tableOf } from "../words/message-words.ts";
import { firstFew } from "../words/listed.ts";
import type { About } from "../words/row-words.ts";
import type { WorldWords } from "../words/world-words.ts";
import type { TraceCall } from "./trace.ts";

/** A call that is watched. */
export type CallNotes = {
  /** It has been handed to the engine, which has sent what it sends at once. */
  readonly issued: () => void;
  readonly ended: (outcome: "answered" | "failed", came: Came) => void;
};

/** What came back, in words, and how many rows where these were asked for. */
type Came = Pick<TraceCall, "rows"> & { readonly said: string };

/** What is asked of an engine; `id` is absent of a scan. */
export type AskedCall = About & Pick<TraceCall, "table" | "id" | "verb" | "step">;

/** A call begins. */
export type NoteCall = (asked: AskedCall, signal: AbortSignal) => CallNotes;

/** The engine, with each call noted. */
export function tracedEngine(
  engine: StorageEngine,
  words: WorldWords,
  note: NoteCall,
): StorageEngine {
  const watch = <T>(
    asked: AskedCall,
    { signal }: EngineCall,
    say: (answer: T, asked: AskedCall) => Came,
    work: () => Promise<T>,
  ): Promise<T> => {
    const { issued, ended } = note(asked, signal);
    const working = work();
    issued();
    working.then(
      (answer) => ended("answered", say(answer, asked)),
      (error: unknown) => ended("failed", { said: `failed: ${errorText(error)}` }),
    );
    return working;
  };
  const shown = ({ table }: AskedCall, rows: readonly Row[]): Came => {
    const texts = rows.map((row) => words.rowsOf(table).row(row));
    return { said: firstFew(texts) || "no rows", rows: rows.length };
  };
  const shownRows = ({ rows }: RowsPage, asked: AskedCall): Came => shown(asked, rows);
  const shownEntries = ({ entries }: ScanPage, asked: AskedCall): Came =>
    shown(
      asked,
      entries.map(({ row }) => row),
    );
  return {
    ...engine,
    write: (partition, mutations, call) => {
      const { table, id } = partition;
      const { text, keys } = words.rowsOf(table).mutations(mutations);
      const step = table === LOG_TABLE ? writeStep(id, mutations) : undefined;
      const asked: AskedCall = {
        ...partition,
        verb: "write",
        ...(step === undefined ? {} : { step }),
        keys,
        text: `write${tableOf(partition)}${stepText(step)} ${text}`,
      };
      const work = (): ReturnType<StorageEngine["write"]> =>
        engine.write(partition, mutations, call);
      return watch(asked, call, () => ({ said: "written" }), work);
    },
    readKeys: (read, call) =>
      watch(askedOf(read, words), call, shownRows, () => engine.readKeys(read, call)),
    readRange: (read, call) =>
      watch(askedOf(read, words), call, shownRows, () => engine.readRange(read, call)),
    scan: (read, call) =>
      watch(askedOf(read, words), call, shownEntries, () => engine.scan(read, call)),
  };
}

function askedOf(read: KeysRead | RangeRead | ScanRead, words: WorldWords): AskedCall {
  const { text, keys } = readOf(read, words);
  const { table } = read;
  if ("id" in read) return { table, id: read.id, verb: "read", text, keys };
  return { table, verb: "scan", text, keys };
}

/** Of a write into the log. */
function stepText(step: LogStep | undefined): string {
  return step === undefined ? "" : ` (${step})`;
}

/** The code of an error of ours says what it is. */
function errorText(error: unknown): string {
  return error instanceof KvError ? error.message : String(error);
}
