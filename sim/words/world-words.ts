/** Says in a few words what messages carry and operations ask: keys as k0, k1 …, writes by their operation, as #12. */
import { type IdempotencyToken, toHex, type Version } from "kvdal";
import type { KvRequest, KvResponse } from "kvdal/client";
import { writesOf } from "../workload/list-recorder.ts";
import { LOG_TABLE } from "../workload/lists-plan.ts";
import { operationIn } from "../workload/values.ts";
import { keysOf, type ListedOperation, numbersIn, type Operation } from "../workload/operation.ts";
import { KeyNames } from "./key-names.ts";
import { firstFew } from "./listed.ts";
import { type About, BYTES, CHUNKS, RowWords } from "./row-words.ts";

type Predicate = Extract<KvRequest, { kind: "get_items" }>["predicate"];

/** The words of one world. */
export class WorldWords {
  readonly keys: KeyNames;
  /** What is said of rows of namespaces, and of chunks. */
  readonly items: RowWords;
  readonly chunks: RowWords;
  readonly #log: RowWords;
  readonly #keyCount: number;
  /** By nonce: which operation has the token, and when it was dated; a list's mutations follow a tick each. */
  readonly #writers = new Map<
    string,
    { readonly time: number; readonly writes: readonly number[] }
  >();

  constructor(keys: readonly Uint8Array[]) {
    const names = new KeyNames(keys);
    const version = (of: Version): string => this.#version(of);
    this.keys = names;
    this.items = new RowWords(names, version, "record");
    this.chunks = new RowWords(CHUNKS, version, "all chunks");
    this.#log = new RowWords(BYTES, version, "record");
    this.#keyCount = keys.length;
  }

  /** What is said of rows of this table. */
  rowsOf(table: string): RowWords {
    if (table === LOG_TABLE) return this.#log;
    return table.endsWith("_chunks") ? this.chunks : this.items;
  }

  /** From now on versions of this token are known as the operation's. */
  learn(operation: Operation, { generationTime: time, nonce }: IdempotencyToken): void {
    this.#writers.set(toHex(nonce), { time, writes: writesOf(operation) });
  }

  /** The operation that made a version; 0 for none that is known. */
  writer({ time, nonce }: Pick<Version, "time" | "nonce">): number {
    const known = this.#writers.get(toHex(nonce));
    return known === undefined ? 0 : (known.writes[time - known.time] ?? known.writes[0] ?? 0);
  }

  /** A version as its writer, or its time where no client of the world made it. */
  #version(version: Version): string {
    const writer = this.writer(version);
    return writer === 0 ? `version ${version.time}` : `#${writer}`;
  }

  /** What an item that a client is given says of itself. */
  item({ key, value }: { readonly key: Uint8Array; readonly value: Uint8Array }): string {
    const from = operationIn(value);
    return `${this.keys.name(key)} = ${from === 0 ? `${value.length} bytes` : `#${from}`}`;
  }

  /** What a request asks for. */
  request(request: KvRequest): About {
    switch (request.kind) {
      case "put_items": {
        const keys = request.items.map(({ key }) => key);
        return this.#named("put", keys);
      }
      case "get_items":
        return this.#predicate(
          request.pageToken === undefined ? "get" : "next page of",
          request.predicate,
        );
      case "delete_items":
        return this.#predicate("delete", request.predicate);
      case "stage_chunks":
      case "get_chunks": {
        const verb = request.kind === "get_chunks" ? "get chunks of" : "stage chunks of";
        return this.#named(verb, [request.key]);
      }
      case "mutate_items":
        return { text: `list of ${request.mutations.length} mutations`, keys: [] };
      case "scan_items":
        return { text: `scan segment ${request.segment.index} of ${request.segment.of}`, keys: [] };
      case "mutation_status":
      case "handshake":
        return { text: request.kind.replace("_", " "), keys: [] };
      default:
        throw request satisfies never;
    }
  }

  /** What a server answers. */
  response(response: KvResponse): string {
    if ("items" in response) {
      const more = `, ${response.nextPageToken === undefined ? "no" : "with a"} page token`;
      return (firstFew(response.items.map((item) => this.item(item))) || "no items") + more;
    }
    if ("outcomes" in response) return [...new Set(response.outcomes)].join(", ");
    if ("chunks" in response) return `${response.chunks.length} chunks`;
    if ("mutations" in response) {
      return firstFew(response.mutations.map(({ kind }) => kind)) || "no such list";
    }
    return "done";
  }

  /** What a client is to do. */
  operation(operation: Operation): string {
    const { kind } = operation;
    if (kind === "scan") return "scan of all records";
    if (kind === "status") return `status of list ${operation.of === 0 ? "" : `#${operation.of}`}`;
    if (kind === "list") return `list: ${firstFew(operation.mutations.map(listedText))}`;
    const keys = numbersIn(keysOf(operation, this.#keyCount));
    const isAll = kind === "delete_record" || (keys.length > 2 && keys.length === this.#keyCount);
    const names = isAll ? "all keys" : "";
    return `${kind.replace("_", " ")} ${names || firstFew(keys.map((key) => `k${key}`))}`;
  }

  #named(verb: string, keys: readonly Uint8Array[]): About {
    const names = keys.map((key) => this.keys.name(key));
    return { text: `${verb} ${firstFew(names)}`, keys: this.keys.numbers(keys) };
  }

  #predicate(verb: string, predicate: Predicate): About {
    if (predicate.kind === "match_keys") return this.#named(verb, predicate.keys);
    const { text, keys } = this.items.range(predicate.kind === "match_all" ? {} : predicate.range);
    return { text: `${verb} ${text}`, keys };
  }
}

function listedText({ operation, kind, record }: ListedOperation): string {
  return `#${operation} ${kind.replace("_", " ")} in record ${record}`;
}
