/**
 * The memory engine with a flaw planted in it: every step of a verb can be replaced. Without any replacement it is
 * the memory engine, which a test holds it to.
 */
import type {
  EngineAdapter,
  EngineCall,
  EngineCapabilities,
  KeysRead,
  Mutation,
  MutationOutcome,
  Partition,
  RangeRead,
  Row,
  RowsPage,
  ScanPage,
  ScanRead,
  SweepOutcome,
  SweepRequest,
} from "../../../src/ports/storage-engine.ts";
import { memory, MEMORY_CAPABILITIES } from "../../../src/engines/memory/adapter.ts";
import { applyToRecord, type MemoryRecord } from "../../../src/engines/memory/memory-record.ts";
import { createTables, type MemoryTables } from "../../../src/engines/memory/memory-tables.ts";
import {
  insertIfAbsent,
  readKeysOf,
  readRangeOf,
  sweepTable,
} from "../../../src/engines/memory/memory-verbs.ts";
import { scanTable } from "../../../src/engines/memory/scan-table.ts";
import { checkCall } from "../../../src/engines/shared/call-guard.ts";
import { ownMutation, ownRow } from "../../../src/engines/shared/own-bytes.ts";

/** What may be replaced; `now` is the caller's wall clock. */
export type Replacements = {
  readonly capabilities?: Partial<EngineCapabilities>;
  readonly partition?: (partition: Partition) => Partition;
  /** Looks at a write before it is carried out. May throw, or drop mutations. */
  readonly mutations?: (
    mutations: readonly Mutation[],
    partition: Partition,
  ) => readonly Mutation[];
  readonly mutation?: (mutation: Mutation, now: number) => Mutation;
  readonly apply?: (record: MemoryRecord, mutation: Mutation, now: number) => MutationOutcome;
  /** Sees the tables after a mutation: for what reaches other records. */
  readonly afterwards?: (tables: MemoryTables, partition: Partition, mutation: Mutation) => void;
  readonly insert?: typeof insertIfAbsent;
  readonly outcome?: (outcome: MutationOutcome) => MutationOutcome;
  readonly outcomes?: (outcomes: readonly MutationOutcome[]) => readonly MutationOutcome[];
  /** Work is done for callers who have given up or whose time is over. */
  readonly ignoresEnd?: boolean;
  /** Bytes are kept as they were passed, not copied. */
  readonly keepsBytes?: boolean;
  /** Lets others in between the items of one write. */
  readonly pause?: () => Promise<void>;
  readonly rangeRead?: (read: RangeRead) => RangeRead;
  readonly rangePage?: (page: RowsPage, read: RangeRead, record: MemoryRecord) => RowsPage;
  readonly keysRead?: (read: KeysRead) => KeysRead;
  readonly keysPage?: (page: RowsPage, read: KeysRead, record: MemoryRecord) => RowsPage;
  readonly scanRead?: (read: ScanRead) => ScanRead;
  readonly scanPage?: (page: ScanPage) => ScanPage;
  readonly row?: (row: Row) => Row | undefined;
  readonly sweep?: (tables: MemoryTables, request: SweepRequest, now: number) => SweepOutcome;
};

/** An adapter of its own tables with these replacements. */
export function flawedMemory(replaced: Replacements): EngineAdapter {
  const tables = createTables();
  const place = replaced.partition ?? ((partition: Partition) => partition);
  const eachRow = (page: RowsPage): RowsPage => ({
    ...page,
    rows: page.rows.flatMap((row) => replaced.row?.(row) ?? (replaced.row ? [] : [row])),
  });
  return {
    name: "memory",
    open: async (context) => {
      const usual = await memory().open(context);
      const begin = (call: EngineCall): void => {
        if (replaced.ignoresEnd !== true) checkCall(call, context.env.clock, "no");
      };
      return {
        ...usual,
        capabilities: { ...MEMORY_CAPABILITIES, ...replaced.capabilities },
        provision: async (spec, call) => {
          await usual.provision(spec, call);
          tables.provision(place({ table: spec.table, id: "" }).table);
        },
        write: async (partition, given, call) => {
          begin(call);
          const at = place(partition);
          const record = tables.recordForWrite(at);
          const outcomes: MutationOutcome[] = [];
          for (const one of replaced.mutations?.(given, partition) ?? given) {
            if (replaced.pause !== undefined && outcomes.length > 0) await replaced.pause();
            const own = replaced.keepsBytes === true ? one : ownMutation(one);
            const mutation = replaced.mutation?.(own, call.now) ?? own;
            const outcome =
              replaced.apply?.(record, mutation, call.now) ?? applyToRecord(record, mutation);
            replaced.afterwards?.(tables, at, mutation);
            outcomes.push(replaced.outcome?.(outcome) ?? outcome);
          }
          return replaced.outcomes?.(outcomes) ?? outcomes;
        },
        readKeys: async (read, call) => {
          begin(call);
          const asked = replaced.keysRead?.(read) ?? read;
          const record = tables.recordForWrite(place(read));
          const page = readKeysOf(record, asked, call.now);
          return eachRow(replaced.keysPage?.(page, asked, record) ?? page);
        },
        readRange: async (read, call) => {
          begin(call);
          const asked = replaced.rangeRead?.(read) ?? read;
          const record = tables.recordForWrite(place(read));
          const page = readRangeOf(record, asked, call.now);
          return eachRow(replaced.rangePage?.(page, asked, record) ?? page);
        },
        putIfAbsent: async (partition, row, call) => {
          begin(call);
          const record = tables.recordForWrite(place(partition));
          return (replaced.insert ?? insertIfAbsent)(record, ownRow(row), call.now);
        },
        scan: async (read, call) => {
          begin(call);
          const asked = replaced.scanRead?.(read) ?? read;
          const at = { ...asked, table: place({ table: read.table, id: "" }).table };
          const page = scanTable(tables, at, call.now);
          return replaced.scanPage?.(page) ?? page;
        },
        sweep: async (request, call) => {
          begin(call);
          const at = { ...request, table: place({ table: request.table, id: "" }).table };
          return (replaced.sweep ?? sweepTable)(tables, at, call.now);
        },
      };
    },
  };
}
