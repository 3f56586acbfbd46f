/** What a message carries, described. */
import type { CacheAnswer, Partition } from "kvdal/engine";
import type { ReplicaReply, SegmentReply } from "../backends/replicated/replica.ts";
import { NAMESPACE } from "../workload/namespace-plan.ts";
import { DOOMED_NAMESPACE, OTHER_NAMESPACE } from "../workload/lists-plan.ts";
import type { CacheQuestion, Carried } from "../world/trace.ts";
import { type CacheSlot, describeSlot, slotText } from "./cache-words.ts";
import { inTable } from "./chunk-words.ts";
import type { About, WorldWords } from "./world-words.ts";

/** A message in words, and where what it is about is stored. */
export type Description = About & {
  /** Of the write that it carries, if it carries one; 0 for none. */
  readonly operation: number;
  readonly partition: Partition | undefined;
  /** Of the cache, where it is about one. */
  readonly slot?: CacheSlot & Pick<CacheQuestion, "verb">;
};

/** Describes it. */
export function describe(carried: Carried | undefined, words: WorldWords): Description {
  const nowhere = { operation: 0, partition: undefined, keys: [] };
  switch (carried?.kind) {
    case undefined:
      return { ...nowhere, text: "message" };
    case "request": {
      const { request } = carried;
      const partition = "id" in request ? { table: request.namespace, id: request.id } : undefined;
      return { ...nowhere, ...words.request(request), partition };
    }
    case "answer": {
      const { answer, error } = carried;
      const text = answer === undefined ? `error ${error?.code}` : words.response(answer);
      return { ...nowhere, text: `answers: ${text}` };
    }
    case "write":
    case "repair": {
      const { partition, mutations } = carried;
      const { text, keys } = words.mutations(mutations);
      const [first] = mutations;
      const version = first?.kind === "put" ? first.row.version : first?.version;
      const operation = version === undefined ? 0 : words.writer(version);
      const own = holdsItems(partition) ? keys : [];
      const said = `${carried.kind}${tableOf(partition)} ${inTable(partition.table, text)}`;
      return { text: said, keys: own, operation, partition };
    }
    case "read":
      return { ...nowhere, ...readOf(carried.read, words) };
    case "sweep":
      return { ...nowhere, text: `sweep of ${carried.table}` };
    case "taken":
      return { ...nowhere, text: "has it" };
    case "rows": {
      const { keys } = readOf(carried.read, words);
      return {
        ...nowhere,
        text: inTable(
          carried.read.table,
          words.reply(carried.reply as ReplicaReply | SegmentReply, keys),
        ),
        keys,
      };
    }
    case "cache": {
      const { verb, key, value } = carried;
      const { slot, ...place } = describeSlot(key, value, words);
      return { ...nowhere, ...place, slot: { ...slot, verb }, text: `${verb} ${slotText(slot)}` };
    }
    case "cached": {
      const { verb, key } = carried.asked;
      const answer = verb === "get" ? (carried.result as CacheAnswer) : undefined;
      const value = answer?.kind === "hit" ? answer.value : undefined;
      const { slot, ...place } = describeSlot(key, value, words);
      const about = { ...nowhere, ...place };
      if (answer?.kind !== "miss") {
        return { ...about, slot: { ...slot, verb }, text: `has ${slotText(slot)}` };
      }
      return {
        ...about,
        slot: { ...slot, verb, isMissing: true },
        text: `has no ${slotText(slot)}`,
      };
    }
    default:
      throw carried satisfies never;
  }
}

/** A read of an engine, described. */
export function readOf(
  read: Extract<Carried, { kind: "read" }>["read"],
  words: WorldWords,
): Omit<Description, "operation"> {
  if (!("id" in read)) {
    const { index, of } = read.segment;
    const isFirst = read.cursor === undefined && read.after === undefined;
    const further = isFirst ? "" : " from where it stopped";
    return { text: `scan ${read.table} ${index}/${of}${further}`, keys: [], partition: undefined };
  }
  const partition = { table: read.table, id: read.id };
  const table = tableOf(partition);
  if ("keys" in read) {
    const keys = holdsItems(read) ? words.numbers(read.keys) : [];
    const names = read.keys.map((key) => words.key(key)).join(", ");
    return { text: `read${table} ${inTable(read.table, names)}`, keys, partition };
  }
  const range = inTable(read.table, words.range(read.range));
  const text = `read${table} ${range}${read.reverse ? " backwards" : ""}`;
  return { text, keys: holdsItems(read) ? words.within(read.range) : [], partition };
}

/** Says in which table, where it is not the one that clients read. */
export function tableOf({ table }: Partition): string {
  return table === NAMESPACE ? "" : ` in ${table}`;
}

/** Whether the rows of a table are the items of records, and not chunks of theirs or the log. */
export function holdsItems({ table }: Pick<Partition, "table">): boolean {
  return ITEM_TABLES.has(table);
}

const ITEM_TABLES: ReadonlySet<string> = new Set([NAMESPACE, OTHER_NAMESPACE, DOOMED_NAMESPACE]);
