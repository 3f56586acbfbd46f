/** Chunks that are lost or damaged end in DATA_LOSS, never in a value that was not put (CHUNK-5). */
import { concatBytes, type KvClient } from "kvdal";
import { patterned } from "../kit/bytes.ts";
import { itemsAre, refused, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { chunksIn, SMALL_CHUNKS, streamed } from "../kit/large-value.ts";
import { changing, losing } from "../kit/on-the-way.ts";
import type { ConformanceStore } from "../kit/store.ts";

const namespaces = { main: SMALL_CHUNKS };
const VALUE = patterned(100, 1);

/** All ways of reading the large value of record `id` end in DATA_LOSS. */
async function isLost(what: string, id: string, store: ConformanceStore): Promise<void> {
  const { record, client, plain, namespace } = store;
  for (const reader of [client, plain]) {
    const who = `${what}: ${reader === client ? "a client" : "a plain client"}`;
    await refused(who, record(id, { client: reader }).get("k"), "DATA_LOSS");
    await refused(`${who}, of the record`, record(id, { client: reader }).read(), "DATA_LOSS");
  }
  await refused(`${what}: a stream`, streamed(client, namespace(), id, "k"), "DATA_LOSS");
}

/** Cases of this topic. */
export const chunkDamageCases: readonly ConformanceCase[] = [
  {
    id: "chunk-damage/missing",
    rules: ["CHUNK-5"],
    title: "A value that lacks any one of its chunks is DATA_LOSS; other items are not concerned.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, chunkRows } = store;
      for (const lost of [0, 3, 6]) {
        const id = `without chunk ${lost}`;
        await record(id).put("k", VALUE);
        const [row] = chunksIn(await chunkRows().list()).filter((one) => one.row.key[3] === lost);
        if (row !== undefined) await chunkRows().remove(row);
        await isLost(id, id, store);
        await record(id).put("other", VALUE, { at: 0 });
        valueIs(`${id}: another item`, await record(id).get("other"), VALUE);
        await record(id).put("k", VALUE);
        valueIs(`${id}: put again`, await record(id).get("k"), VALUE);
        await record(id).deleteAll();
        for (const rest of await chunkRows().list()) await chunkRows().remove(rest);
      }
    },
  },
  {
    id: "chunk-damage/changed",
    rules: ["CHUNK-5"],
    title: "A chunk with a byte changed, cut, prolonged or in another's place is DATA_LOSS.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, chunkRows } = store;
      const changes: Readonly<Record<string, (chunk: Uint8Array) => Uint8Array>> = {
        "a bit": (chunk) => chunk.map((byte, i) => (i === 7 ? byte ^ 1 : byte)),
        "cut by a byte": (chunk) => chunk.slice(1),
        "cut to nothing": (chunk) => chunk.slice(0, 0),
        "longer by a byte": (chunk) => concatBytes(chunk, Uint8Array.of(0)),
        "another's": () => VALUE.slice(32, 48),
      };
      for (const [what, change] of Object.entries(changes)) {
        await record(what).put("k", VALUE);
        const rows = chunksIn(await chunkRows().list());
        const row = rows.find((one) => one.row.key[3] === 1);
        if (row !== undefined) await chunkRows().replace(row, change(row.row.value));
        await isLost(what, what, store);
        for (const rest of rows) await chunkRows().remove(rest);
      }
    },
  },
  {
    id: "chunk-damage/never-staged",
    rules: ["CHUNK-5", "CHUNK-6"],
    title: "A commit of chunks that were not all staged is DATA_LOSS to its readers, never short.",
    needs: [],
    namespaces,
    run: async (store) => {
      const around = changing((request) =>
        request.kind === "stage_chunks"
          ? { ...request, chunks: request.chunks.slice(0, -1) }
          : request,
      );
      const client = store.connect({ around });
      await store.record("r", { client }).read();
      await store.record("r", { client }).put("k", VALUE);
      await isLost("without the last chunk", "r", store);
    },
  },
  {
    id: "chunk-damage/looked-at-again",
    rules: ["CHUNK-5"],
    title: "Chunks that are not found once are asked for once more, after a look at the item.",
    needs: [],
    namespaces,
    run: async ({ record, connect, namespace }) => {
      await record("r").put("k", VALUE, { at: 0 });
      const lossy = (times: number): KvClient => {
        let left = times;
        const lost = losing(({ kind }) => kind === "get_chunks" && left-- > 0, "DATA_LOSS");
        return connect({ around: lost });
      };
      const once = await record("r", { client: lossy(1) }).get("k");
      valueIs("the value, lost once", once, VALUE);
      const stream = await streamed(lossy(1), namespace(), "r", "k");
      valueIs("its stream, lost once", once && { ...once, value: stream ?? VALUE.slice(1) }, VALUE);
      await refused("lost twice", record("r", { client: lossy(2) }).get("k"), "DATA_LOSS");
      await refused("a stream, twice", streamed(lossy(2), namespace(), "r", "k"), "DATA_LOSS");
    },
  },
  {
    id: "chunk-damage/replaced-meanwhile",
    rules: ["CHUNK-5", "CHUNK-8"],
    title:
      "A value that is replaced or deleted, chunks and all, while it is fetched comes as it is then.",
    needs: [],
    namespaces,
    run: async ({ record, connect, second, chunkRows }) => {
      const ends: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
        large: (id) => record(id).put("k", patterned(150, 2), { at: 5 }),
        small: (id) => record(id).put("k", "small", { at: 5 }),
        gone: (id) => record(id).deleteAll({ at: 5 }),
      };
      const left = { large: patterned(150, 2), small: "small" } as const;
      for (const [id, end] of Object.entries(ends)) {
        await record(id, { client: second }).put("k", VALUE, { at: 0 });
        let isFirst = true;
        const client = connect({
          around: (transport) => async (request, call) => {
            if (request.kind === "get_chunks" && isFirst) {
              isFirst = false;
              for (const row of await chunkRows().list()) await chunkRows().remove(row);
              await end(id);
            }
            return transport(request, call);
          },
        });
        const wanted = id === "large" || id === "small" ? left[id] : undefined;
        itemsAre(
          `${id}: the record`,
          await record(id, { client }).read(),
          wanted === undefined ? [] : [["k", wanted]],
        );
        for (const row of await chunkRows().list()) await chunkRows().remove(row);
      }
    },
  },
];
