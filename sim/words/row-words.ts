/** Says what is stored, and how that changes: by the names that keys of a table have, and whose writes it is. */
import type { Version } from "kvdal";
import type { KeyedRow, Mutation, Row } from "kvdal/engine";
import type { ReplicaReply, SegmentReply } from "../backends/replicated/replica.ts";
import { bytesName, chunkName, type KeyNames, type KeyRange } from "./key-names.ts";
import { firstFew } from "./listed.ts";

/** What a message or event is about, in words and as numbers of keys. */
export type About = {
  readonly text: string;
  readonly keys: readonly number[];
};

/** How keys of a table are named, and which of them are some of the world's. */
type RowNames = Pick<KeyNames, "name" | "numbers" | "within">;

/** Rows whose keys are none of the world's, as those of the log. */
export const BYTES: RowNames = {
  name: bytesName,
  numbers: () => [],
  within: () => [],
};

/** Chunks of values. */
export const CHUNKS: RowNames = { ...BYTES, name: chunkName };

/** The words for rows of some tables. */
export class RowWords {
  readonly #names: RowNames;
  readonly #version: (version: Version) => string;
  readonly #whole: string;

  /** `whole` is all that is stored under one id. */
  constructor(names: RowNames, version: (version: Version) => string, whole: string) {
    this.#names = names;
    this.#version = version;
    this.#whole = whole;
  }

  key(key: Uint8Array): string {
    return this.#names.name(key);
  }

  /** Several keys. */
  keys(keys: readonly Uint8Array[]): About {
    return { text: keys.map((key) => this.key(key)).join(", "), keys: this.#names.numbers(keys) };
  }

  range(range: KeyRange): About {
    return { text: this.#rangeText(range), keys: this.#names.within(range) };
  }

  mutation(mutation: Mutation): About {
    switch (mutation.kind) {
      case "put": {
        const { key, version } = mutation.row;
        const expiry = version.expiry === 0 ? "" : " with expiry";
        return {
          text: `${this.key(key)} = ${this.#version(version)}${expiry}`,
          keys: this.#names.numbers([key]),
        };
      }
      case "delete_key": {
        const { key, version } = mutation;
        return {
          text: `${this.key(key)} deleted by ${this.#version(version)}`,
          keys: this.#names.numbers([key]),
        };
      }
      case "delete_range": {
        const text = `${this.#rangeText(mutation.range)} deleted by ${this.#version(mutation.version)}`;
        return { text, keys: this.#names.within(mutation.range) };
      }
      case "delete_record": {
        const text = `${this.#whole} deleted by ${this.#version(mutation.version)}`;
        return { text, keys: this.#names.within({}) };
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
      ? `${this.key(key)} deleted by ${this.#version(version)}`
      : `${this.key(key)} = ${this.#version(version)}`;
  }

  /** What a replica answers that was asked for these keys; all keys where none are named. */
  reply(reply: ReplicaReply | SegmentReply, asked: readonly number[]): string {
    const replies = "records" in reply ? [...reply.records.values()] : [reply];
    const rows = replies.flatMap(({ rows }): readonly KeyedRow[] => rows);
    const concerns = (keys: readonly number[]): boolean =>
      asked.length === 0 || keys.some((key) => asked.includes(key));
    const tombstones = replies
      .flatMap(({ tombstones }) => tombstones)
      .filter(({ range }) => concerns(this.#names.within(range)));
    const said = [
      ...rows.map((row) => this.row(row)),
      ...tombstones.map(({ range, version }) => {
        return `${this.#rangeText(range)} deleted by ${this.#version(version)}`;
      }),
    ];
    if (said.length > 0) return `has ${firstFew(said)}`;
    return asked.length === 0 ? "has nothing" : `has no ${firstFew(asked.map((key) => `k${key}`))}`;
  }

  #rangeText({ start, end }: KeyRange): string {
    if (start === undefined && end === undefined) return "all keys";
    return `[${start === undefined ? "first" : this.key(start)}, ${end === undefined ? "end" : this.key(end)})`;
  }
}
