/** Says in a few words what messages carry and operations ask: keys as k0, k1 …, writes by their operation, as #12. */
import { compareBytes, type IdempotencyToken, toHex, type Version } from "kvdal";
import type { KvRequest, KvResponse } from "kvdal/client";
import type { KeyedRow, Mutation, Row } from "kvdal/engine";
import type { ReplicaReply, SegmentReply } from "../backends/replicated/replica.ts";
import { writesOf } from "../workload/list-recorder.ts";
import { operationIn } from "../workload/values.ts";
import { keysOf, type ListedOperation, numbersIn, type Operation } from "../workload/operation.ts";
import { firstFew } from "./listed.ts";

/** What a message or event is about, in words and as numbers. */
export type About = {
  readonly text: string;
  readonly keys: readonly number[];
};

type Range = { readonly start?: Uint8Array | undefined; readonly end?: Uint8Array | undefined };
type Predicate = Extract<KvRequest, { kind: "get_items" }>["predicate"];

/** Characters that a key shown as text is made of. */
const PRINTABLE = /^[\x21-\x7e]{1,24}$/;

/** The words of one world. */
export class WorldWords {
  readonly #keys: readonly Uint8Array[];
  readonly #numbers: ReadonlyMap<string, number>;
  /** By nonce: which operation has the token, and when it was dated; a list's mutations follow a tick each. */
  readonly #writers = new Map<
    string,
    { readonly time: number; readonly writes: readonly number[] }
  >();

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = keys;
    this.#numbers = new Map(keys.map((key, i) => [toHex(key), i]));
  }

  /** The keys themselves, for people. */
  get keyTexts(): readonly string[] {
    return this.#keys.map((key) => {
      const text = String.fromCharCode(...key);
      return PRINTABLE.test(text) ? text : `0x${toHex(key)}`;
    });
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

  key(key: Uint8Array): string {
    const number = this.#numbers.get(toHex(key));
    if (number !== undefined) return `k${number}`;
    // The least key after one of the world's, as pages begin.
    const before = key.at(-1) === 0 ? this.#numbers.get(toHex(key.subarray(0, -1))) : undefined;
    return before === undefined ? `0x${toHex(key.subarray(0, 8))}` : `after k${before}`;
  }

  /** Numbers of the keys that the world knows. */
  numbers(keys: readonly Uint8Array[]): readonly number[] {
    return keys.flatMap((key) => this.#numbers.get(toHex(key)) ?? []);
  }

  /** Numbers of the keys in a range. */
  within({ start, end }: Range): readonly number[] {
    const isIn = (key: Uint8Array): boolean =>
      (start === undefined || compareBytes(key, start) >= 0) &&
      (end === undefined || compareBytes(key, end) < 0);
    return this.#keys.flatMap((key, i) => (isIn(key) ? [i] : []));
  }

  range({ start, end }: Range): string {
    if (start === undefined && end === undefined) return "all keys";
    return `[${start === undefined ? "first" : this.key(start)}, ${end === undefined ? "end" : this.key(end)})`;
  }

  /** A version as its writer, or its time where no client of the world made it. */
  version(version: Version): string {
    const writer = this.writer(version);
    return writer === 0 ? `version ${version.time}` : `#${writer}`;
  }

  mutation(mutation: Mutation): About {
    switch (mutation.kind) {
      case "put": {
        const { key, version } = mutation.row;
        const expiry = version.expiry === 0 ? "" : " with expiry";
        return {
          text: `${this.key(key)} = ${this.version(version)}${expiry}`,
          keys: this.numbers([key]),
        };
      }
      case "delete_key": {
        const { key, version } = mutation;
        return {
          text: `${this.key(key)} deleted by ${this.version(version)}`,
          keys: this.numbers([key]),
        };
      }
      case "delete_range": {
        const text = `${this.range(mutation.range)} deleted by ${this.version(mutation.version)}`;
        return { text, keys: this.within(mutation.range) };
      }
      case "delete_record": {
        const text = `record deleted by ${this.version(mutation.version)}`;
        return { text, keys: this.within({}) };
      }
      default:
        throw mutation satisfies never;
    }
  }

  mutations(mutations: readonly Mutation[]): About {
    const each = mutations.map((mutation) => this.mutation(mutation));
    const keys = [...new Set(each.flatMap(({ keys }) => keys))];
    return { text: firstFew(each.map(({ text }) => text)), keys };
  }

  /** A row as stored: under which key, whose. */
  row({ key, version }: Pick<Row, "key" | "version">): string {
    return version.rank === 2
      ? `${this.key(key)} deleted by ${this.version(version)}`
      : `${this.key(key)} = ${this.version(version)}`;
  }

  /** What a replica answers that was asked for these keys; all keys where none are named. */
  reply(reply: ReplicaReply | SegmentReply, asked: readonly number[]): string {
    const replies = "records" in reply ? [...reply.records.values()] : [reply];
    const rows = replies.flatMap(({ rows }): readonly KeyedRow[] => rows);
    const concerns = (keys: readonly number[]): boolean =>
      asked.length === 0 || keys.some((key) => asked.includes(key));
    const tombstones = replies
      .flatMap(({ tombstones }) => tombstones)
      .filter(({ range }) => concerns(this.within(range)));
    const said = [
      ...rows.map((row) => this.row(row)),
      ...tombstones.map(({ range, version }) => {
        return `${this.range(range)} deleted by ${this.version(version)}`;
      }),
    ];
    if (said.length > 0) return `has ${firstFew(said)}`;
    return asked.length === 0 ? "has nothing" : `has no ${firstFew(asked.map((key) => `k${key}`))}`;
  }

  /** What an item that a client is given says of itself. */
  item({ key, value }: { readonly key: Uint8Array; readonly value: Uint8Array }): string {
    const from = operationIn(value);
    return `${this.key(key)} = ${from === 0 ? `${value.length} bytes` : `#${from}`}`;
  }

  /** What a request asks for. */
  request(request: KvRequest): About {
    switch (request.kind) {
      case "put_items": {
        const keys = request.items.map(({ key }) => key);
        return { text: `put ${this.#named(keys)}`, keys: this.numbers(keys) };
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
        return { text: `${verb} ${this.key(request.key)}`, keys: this.numbers([request.key]) };
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
    const keys = numbersIn(keysOf(operation, this.#keys.length));
    const isAll =
      kind === "delete_record" || (keys.length > 2 && keys.length === this.#keys.length);
    const names = isAll ? "all keys" : "";
    return `${kind.replace("_", " ")} ${names || firstFew(keys.map((key) => `k${key}`))}`;
  }

  #named(keys: readonly Uint8Array[]): string {
    return firstFew(keys.map((key) => this.key(key)));
  }

  #predicate(verb: string, predicate: Predicate): About {
    switch (predicate.kind) {
      case "match_all":
        return { text: `${verb} all keys`, keys: this.within({}) };
      case "match_keys":
        return {
          text: `${verb} ${this.#named(predicate.keys)}`,
          keys: this.numbers(predicate.keys),
        };
      case "match_range":
        return {
          text: `${verb} ${this.range(predicate.range)}`,
          keys: this.within(predicate.range),
        };
      default:
        throw predicate satisfies never;
    }
  }
}

function listedText({ operation, kind, record }: ListedOperation): string {
  return `#${operation} ${kind.replace("_", " ")} in record ${record}`;
}
