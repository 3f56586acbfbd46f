/** A server's engine, watched: every call with its outcome. The promises are the engine's own, so that nothing happens otherwise. */
import type {
  EngineCall,
  Row,
  KeysRead,
  Mutation,
  Partition,
  RangeRead,
  RowsPage,
  ScanPage,
  ScanRead,
  StorageEngine,
} from "kvdal/engine";
import { LOG_TABLE } from "../workload/lists-plan.ts";
import { writeStep } from "../world/log-steps.ts";
import { inTable } from "../words/chunk-words.ts";
import { holdsItems, readOf, tableOf } from "../words/message-words.ts";
import { firstFew } from "../words/listed.ts";
import type { About, WorldWords } from "../words/world-words.ts";

/** A call that is watched. */
export type CallNotes = {
  /** It has been handed to the engine, which has sent what it sends at once. */
  readonly issued: () => void;
  readonly ended: (outcome: "answered" | "failed", said: string) => void;
};

/** What is asked of an engine; `id` is absent of a scan. */
export type AskedCall = About & { readonly table: string; readonly id?: string };

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
    say: (answer: T, asked: AskedCall) => string,
    work: () => Promise<T>,
  ): Promise<T> => {
    const { issued, ended } = note(asked, signal);
    const working = work();
    issued();
    working.then(
      (answer) => ended("answered", say(answer, asked)),
      (error: unknown) => ended("failed", `failed: ${String(error)}`),
    );
    return working;
  };
  const shown = ({ table }: AskedCall, rows: readonly Row[]): string =>
    rows.length === 0 ? "no rows" : inTable(table, firstFew(rows.map((row) => words.row(row))));
  const shownRows = ({ rows }: RowsPage, asked: AskedCall): string => shown(asked, rows);
  const shownEntries = ({ entries }: ScanPage, asked: AskedCall): string =>
    shown(
      asked,
      entries.map(({ row }) => row),
    );
  return {
    ...engine,
    write: (partition, mutations, call) => {
      const { text, keys } = words.mutations(mutations);
      const own = holdsItems(partition) ? keys : [];
      const verb = `write${tableOf(partition)}${stepOf(partition, mutations)}`;
      const work = (): ReturnType<StorageEngine["write"]> =>
        engine.write(partition, mutations, call);
      const said = `${verb} ${inTable(partition.table, text)}`;
      const asked = { ...partition, text: said, keys: own };
      return watch(asked, call, () => "written", work);
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
  return { table: read.table, ...("id" in read ? { id: read.id } : {}), text, keys };
}

/** Which step of the log a write into it is. */
function stepOf({ table, id }: Partition, mutations: readonly Mutation[]): string {
  return table === LOG_TABLE ? ` (${writeStep(id, mutations)})` : "";
}
