/** What a message carries, described. */
import type { Micros } from "kvdal";
import type { CacheAnswer, Partition } from "kvdal/engine";
import type { ReplicaReply, SegmentReply } from "../backends/replicated/replica.ts";
import { NAMESPACE } from "../workload/namespace-plan.ts";
import type { CacheQuestion, Carried } from "../world/trace.ts";
import { type CacheSlot, describeSlot, slotText } from "./cache-words.ts";
import type { About } from "./row-words.ts";
import type { WorldWords } from "./world-words.ts";

/** A message in words, and where what it is about is stored. */
export type Description = About & {
  /** Of the write that it carries, if it carries one; 0 for none. */
  readonly operation: number;
  readonly partition: Partition | undefined;
  /** Of the cache, where it is about one. */
  readonly slot?: CacheSlot & Pick<CacheQuestion, "verb">;
  /** Of a request under a token: when that is dated. */
  readonly dated?: Micros;
  /** Of an answer: whether it is an error. */
  readonly isError?: boolean;
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
      const dated = "token" in request ? { dated: request.token.generationTime } : {};
      return { ...nowhere, ...words.request(request), partition, ...dated };
    }
    case "answer": {
      const { answer, error } = carried;
      const text = answer === undefined ? `error ${error?.code}` : words.response(answer);
      return { ...nowhere, text: `answers: ${text}`, isError: answer === undefined };
    }
    case "write":
    case "repair": {
      const { partition, mutations } = carried;
      const { text, keys } = words.rowsOf(partition.table).mutations(mutations);
      const [first] = mutations;
      const version = first?.kind === "put" ? first.row.version : first?.version;
      const operation = version === undefined ? 0 : words.writer(version);
      return { text: `${carried.kind}${tableOf(partition)} ${text}`, keys, operation, partition };
    }
    case "read":
      return { ...nowhere, ...readOf(carried.read, words) };
    case "sweep":
      return { ...nowhere, text: `sweep of ${carried.table}` };
    case "taken":
      return { ...nowhere, text: "has it" };
    case "rows": {
      const { read, reply } = carried;
      const { keys } = readOf(read, words);
      const rows = words.rowsOf(read.table);
      const text = rows.reply(reply as ReplicaReply | SegmentReply, keys);
      return { ...nowhere, text, keys };
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
      const isMissing = answer?.kind === "miss";
      const about = { ...slot, verb, ...(isMissing ? { isMissing } : {}) };
      const text = `has ${isMissing ? "no " : ""}${slotText(slot)}`;
      return { ...nowhere, ...place, slot: about, text };
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
  const rows = words.rowsOf(read.table);
  const { text, keys } = "keys" in read ? rows.keys(read.keys) : rows.range(read.range);
  const order = "keys" in read || !read.reverse ? "" : " backwards";
  return { text: `read${tableOf(read)} ${text}${order}`, keys, partition };
}

/** Says in which table, where it is not the one that clients read. */
export function tableOf({ table }: Pick<Partition, "table">): string {
  return table === NAMESPACE ? "" : ` in ${table}`;
}
