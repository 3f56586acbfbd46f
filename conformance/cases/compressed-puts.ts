/** Puts of compressed bytes: what is refused, what comes of damage, and one put in several forms (COMP-1, TOK-4). */
import type { KvClient } from "kvdal";
import { PLAIN_CLIENT, zstd } from "kvdal/client";
import { toBytes } from "../kit/bytes.ts";
import { absent, refused, same, valueIs } from "../kit/check.ts";
import {
  COMPRESSING,
  COMPRESSING_CHUNKS,
  codecWith,
  partlyRandom,
  wordy,
} from "../kit/compressed-value.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { streamed } from "../kit/large-value.ts";
import { losing } from "../kit/on-the-way.ts";
import type { ConformanceStore } from "../kit/store.ts";

const namespaces = { main: COMPRESSING };

/** What a put says of its bytes, and when it is. */
type Said = {
  readonly originalBytes: number;
  readonly codec?: string | undefined;
  readonly at?: number;
};

/** A put of bytes as they are, under the key k of the record r. */
async function putBytes(
  { send, namespace, token }: ConformanceStore,
  value: Uint8Array,
  { originalBytes, codec = "zstd", at = 0 }: Said,
): Promise<unknown> {
  const compression = { codec, originalBytes };
  return send({
    kind: "put_items",
    namespace: namespace(),
    id: "r",
    token: token(at),
    items: [{ key: toBytes("k"), value, expiresAt: undefined, compression }],
    capabilities: { ...PLAIN_CLIENT, codecs: ["zstd"] },
  });
}

/** Cases of this topic. */
export const compressedPutCases: readonly ConformanceCase[] = [
  {
    id: "compressed-puts/refused",
    rules: ["DATA-4", "COMP-1"],
    title:
      "A codec that the server lacks is UNSUPPORTED, a size that cannot be is refused; nothing is written.",
    needs: [],
    namespaces: { main: { ...COMPRESSING_CHUNKS, maxValueBytes: 5000 } },
    run: async (store) => {
      const { record, chunkRows } = store;
      const bytes = zstd.compress(partlyRandom(800), { level: 3 });
      for (const value of [bytes, bytes.slice(0, 50)]) {
        const put = (originalBytes: number, codec?: string): Promise<unknown> =>
          putBytes(store, value, { originalBytes, codec });
        await refused("another codec", put(800, "no_such_codec"), "UNSUPPORTED", "no");
        await refused("a value too large", put(5001), "TOO_LARGE", "no");
        await refused("a negative size", put(-1), "INVALID_ARGUMENT", "no");
        await refused("half a byte", put(0.5), "INVALID_ARGUMENT", "no");
      }
      absent("the item", await record("r").get("k"));
      same("chunks stored", (await chunkRows().list()).length, 0);
    },
  },
  {
    id: "compressed-puts/damaged",
    rules: ["ERR-1", "COMP-1"],
    title:
      "Compressed bytes that are not what was put are DATA_LOSS to every client, never another value.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, client, connect, namespace } = store;
      const readers = { client, "cannot decode": connect({ codec: undefined }) };
      await record("r").put("other", wordy(300));
      const right = zstd.compress(wordy(500), { level: 3 });
      const flipped = right.map((byte, i) => (i === right.length - 9 ? byte ^ 1 : byte));
      const harms = [
        ["a bit changed", flipped, 500],
        ["cut", right.slice(0, -1), 500],
        ["nothing left", right.slice(0, 0), 500],
        ["not compressed", wordy(500), 500],
        ["shorter than it says", right, 501],
        ["longer than it says", right, 499],
      ] as const;
      for (const [at, [what, value, originalBytes]] of harms.entries()) {
        await putBytes(store, value, { originalBytes, at });
        for (const [who, reader] of Object.entries(readers)) {
          const one = record("r", { client: reader });
          await refused(`${what}: ${who}`, one.get("k"), "DATA_LOSS");
          await refused(`${what}: ${who}, in a page`, one.read(), "DATA_LOSS");
          const stream = streamed(reader, namespace(), "r", "k");
          await refused(`${what}: ${who}, as a stream`, stream, "DATA_LOSS");
          valueIs(`${what}: ${who}, the other item`, await one.get("other"), wordy(300));
        }
      }
    },
  },
  {
    id: "compressed-puts/in-another-form",
    rules: ["TOK-4", "TOK-6", "COMP-1"],
    title:
      "A put that is repeated compressed, or no longer compressed, is one write: its value stays, whole, also between.",
    needs: [],
    namespaces: { main: COMPRESSING, chunks: COMPRESSING_CHUNKS },
    run: async (store) => {
      const { record, connect } = store;
      const bare = connect({ codec: undefined });
      const around = losing(({ kind }) => kind === "put_items", "INTERNAL");
      const forms = {
        bare,
        compressing: connect(),
        "compressing better": connect({ codec: better() }),
      };
      const dying = {
        bare: connect({ codec: undefined, around }),
        compressing: connect({ around }),
      };
      for (const [namespace, value] of [
        ["main", wordy(900)],
        ["chunks", wordy(900)],
        ["chunks", partlyRandom(1200)],
      ] as const) {
        for (const [first, firstClient] of Object.entries(forms)) {
          const id = `${namespace} ${value[3]} ${first}`;
          const through = (client: KvClient) => record(id, { namespace, client });
          await through(firstClient).read();
          await through(firstClient).put("k", value, { at: 7 });
          for (const [then, client] of [...Object.entries(dying), ...Object.entries(forms)]) {
            await through(client).read();
            const put = through(client).put("k", value, { at: 7 });
            if (client === dying.bare || client === dying.compressing) {
              await refused(`${id}: lost`, put, "INTERNAL");
            } else {
              await put;
            }
            for (const reader of [bare, store.client]) {
              valueIs(`${id}, then ${then}`, await through(reader).get("k"), value);
            }
          }
        }
      }
    },
  },
];

/** zstd at another level: the same value in other bytes. */
function better(): ReturnType<typeof codecWith> {
  const best = { ...zstd, compress: (value: Uint8Array) => zstd.compress(value, { level: 19 }) };
  return { ...codecWith(), codecs: [best] };
}
