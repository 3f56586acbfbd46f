/** Large values come into effect in one step, in the order of their tokens (CHUNK-2, CHUNK-3, CHUNK-8). */
import { equalBytes, type KvClient, MINUTE } from "kvdal";
import { patterned, toBytes } from "../kit/bytes.ts";
import { absent, holds, itemsAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { collect, SHORT_WINDOW, SMALL_CHUNKS, stageRequest } from "../kit/large-value.ts";
import { meanwhile } from "../kit/meanwhile.ts";
import { watched } from "../kit/on-the-way.ts";
import type { RecordHandle } from "../kit/record.ts";

const namespaces = { main: SMALL_CHUNKS };
const OLD = patterned(200, 1);
const NEW = patterned(150, 2);

/** Cases of this topic. */
export const chunkCommitCases: readonly ConformanceCase[] = [
  {
    id: "chunk-commits/staged-is-invisible",
    rules: ["CHUNK-2", "CHUNK-3"],
    title: "Chunks that are staged and not committed change nothing that any reader sees.",
    needs: [],
    namespaces,
    run: async ({ record, second, send, namespace, token }) => {
      await record("large").put("k", OLD, { at: 0 });
      await record("small").put("k", "old", { at: 0 });
      for (const id of ["large", "small", "none"]) {
        const staged = { namespace: namespace(), id, key: "k", token: token(5) };
        await send(stageRequest(staged, NEW));
      }
      for (const client of [undefined, second]) {
        const options = client === undefined ? {} : { client };
        itemsAre("over a large value", await record("large", options).read(), [["k", OLD]]);
        itemsAre("over a small value", await record("small", options).read(), [["k", "old"]]);
        itemsAre("over nothing", await record("none", options).read(), []);
      }
    },
  },
  {
    id: "chunk-commits/writer-dies",
    rules: ["CHUNK-3", "TOK-4"],
    title: "After a writer died, however far it came, the same put under its token completes.",
    needs: [],
    namespaces,
    run: async ({ record, second, plain, send, namespace, token }) => {
      for (let came = 0; came <= 10; came += 1) {
        const id = `came to ${came}`;
        await record(id).put("k", OLD, { at: 0 });
        const staged = { namespace: namespace(), id, key: "k", token: token(5) };
        if (came > 0) await send(stageRequest(staged, NEW, 0, came));
        valueIs(`${id}: before the repeat`, await record(id).get("k"), OLD);
        const client = came % 2 === 0 ? second : plain;
        await record(id, { client }).put("k", NEW, { at: 5 });
        valueIs(`${id}: after it`, await record(id).get("k"), NEW);
      }
    },
  },
  {
    id: "chunk-commits/source-fails",
    rules: ["CHUNK-3", "CHUNK-6"],
    title: "A stream whose source fails puts nothing, and fails as the source does.",
    needs: [],
    namespaces,
    run: async ({ record, client, namespace, token }) => {
      await record("r").put("k", OLD, { at: 0 });
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield NEW;
        throw new RangeError("the source is at its end");
      };
      const address = { namespace: namespace(), id: "r", key: toBytes("k"), token: token(5) };
      const failure = await client.putValue(address, broken()).catch((error: unknown) => error);
      holds("the failure", failure instanceof RangeError, failure, "the source's own");
      valueIs("the value after it", await record("r").get("k"), OLD);
      await client.putValue(address, [NEW]);
      valueIs("the value after a repeat that ends", await record("r").get("k"), NEW);
    },
  },
  {
    id: "chunk-commits/overwrites",
    rules: ["CHUNK-8", "CHUNK-2"],
    title: "Small and large values replace each other, and deletions, in every direction.",
    needs: [],
    namespaces,
    run: async ({ record, plain }) => {
      const sizes = [10, 200, 20, 150, 300, 64, 65, 0, 90, 90, 5];
      for (const client of [undefined, plain]) {
        const one = client === undefined ? record("r") : record("p", { client });
        for (const [at, size] of sizes.entries()) {
          await one.put("k", patterned(size, at), { at: at * 2 });
          const found = await one.get("k");
          valueIs(`put ${at}, of ${size} bytes`, found, patterned(size, at));
          same("whether it is in chunks", found?.metadata.chunk !== undefined, size > 64);
          if (at % 3 !== 2) continue;
          await one.deleteKeys(["k"], { at: at * 2 + 1 });
          absent("after a deletion", await one.get("k"));
        }
      }
    },
  },
  {
    id: "chunk-commits/under-readers",
    rules: ["CHUNK-8", "CHUNK-2", "CHUNK-5"],
    title:
      "While small and large values replace each other, every reader finds one of them, whole.",
    needs: [],
    namespaces,
    run: async ({ record, client, second, plain, wait }) => {
      const values = [10, 200, 1000, 30, 500, 70].map((size, seed) => patterned(size, seed));
      await record("r").put("k", values[0] as Uint8Array, { at: 0 });
      const write = async (): Promise<void> => {
        for (let at = 1; at <= 60; at += 1) {
          const through = record("r", { client: at % 4 === 3 ? plain : client });
          await through.put("k", values[at % values.length] as Uint8Array, { at });
        }
      };
      const read = async (reader: KvClient): Promise<void> => {
        const [item, ...more] = await record("r", { client: reader }).read();
        const found = item?.value;
        const isOne = values.some((value) => found !== undefined && equalBytes(value, found));
        holds("a read during puts", isOne && more.length === 0, found, "one of the values");
      };
      const reads = [second, plain].map((reader) => () => read(reader));
      await meanwhile({ wait }, write(), ...reads);
    },
  },
  {
    id: "chunk-commits/older-after-newer",
    rules: ["CHUNK-2", "TOK-5"],
    title: "A large value that arrives after a newer write is acknowledged and changes nothing.",
    needs: [],
    namespaces,
    run: async ({ record }) => {
      const newer: Readonly<Record<string, (record: RecordHandle) => Promise<unknown>>> = {
        small: (one) => one.put("k", "newer", { at: 5 }),
        large: (one) => one.put("k", NEW, { at: 5 }),
        item: (one) => one.deleteKeys(["k"], { at: 5 }),
        range: (one) => one.deleteRange("a", "z", { at: 5 }),
        record: (one) => one.deleteAll({ at: 5 }),
      };
      const left: Readonly<Record<string, string | Uint8Array>> = { small: "newer", large: NEW };
      for (const [id, write] of Object.entries(newer)) {
        await write(record(id));
        await record(id).put("k", OLD, { at: 4 });
        const wanted = left[id];
        itemsAre(
          `${id}: the record`,
          await record(id).read(),
          wanted === undefined ? [] : [["k", wanted]],
        );
        await record(id).put("k", OLD, { at: 6 });
        valueIs(`${id}: after a newer put`, await record(id).get("k"), OLD);
      }
    },
  },
  {
    id: "chunk-commits/repeated",
    rules: ["CHUNK-2", "TOK-4"],
    title:
      "A large put sent many times at once, through all kinds of clients, has one effect, and leaves one set of chunks.",
    needs: [],
    namespaces: { main: SHORT_WINDOW },
    run: async (store) => {
      const { record, client, second, plain, chunkRows } = store;
      const clients = [client, second, plain];
      const puts = Array.from({ length: 12 }, (_, i) =>
        record("r", { client: clients[i % 3] as KvClient }).put("k", NEW, { at: 0 }),
      );
      await Promise.all(puts);
      itemsAre("the record", await record("r").read(), [["k", NEW]]);
      await collect(store);
      same("rows of chunks", (await chunkRows().list()).length, 10);
      itemsAre("the record after a collection", await record("r").read(), [["k", NEW]]);
    },
  },
  {
    id: "chunk-commits/newer-size",
    rules: ["CHUNK-3", "TOK-4"],
    title: "A put that is repeated with chunks of another size leaves the value whole.",
    needs: [],
    namespaces,
    run: async ({ record, send, namespace, token }) => {
      const staged = { namespace: namespace(), id: "r", key: "k", token: token(0) };
      const stageBy = (chunkBytes: number): Promise<unknown> => {
        const count = Math.ceil(NEW.length / chunkBytes);
        const chunks = Array.from({ length: count }, (_, i) =>
          NEW.slice(i * chunkBytes, (i + 1) * chunkBytes),
        );
        return send({ ...stageRequest(staged, NEW), chunkBytes, chunks });
      };
      await stageBy(10);
      await record("r").put("k", NEW, { at: 0 });
      valueIs("the value, staged with another size before", await record("r").get("k"), NEW);
      await stageBy(12);
      valueIs("the value, staged with a third since", await record("r").get("k"), NEW);
    },
  },
  {
    id: "chunk-commits/misfit",
    rules: ["CHUNK-6", "ERR-1"],
    title: "Chunks and commits that do not fit together are INVALID_ARGUMENT and change nothing.",
    needs: [],
    namespaces,
    run: async ({ record, connect, send, namespace, token }) => {
      await record("r").put("k", OLD, { at: 0 });
      const watch = watched();
      const client = connect({ around: watch.around });
      // Having read, it knows the bounds, and stages by itself.
      await record("other", { client }).read();
      await record("other", { client }).put("k", NEW, { at: 5 });
      const put = watch.requests.find((request) => request.kind === "put_items");
      const [item] = put?.kind === "put_items" ? put.items : [];
      const chunk = item?.chunk;
      if (put?.kind !== "put_items" || item === undefined || chunk === undefined) {
        holds("the put of a large value", false, put, "a commit of chunks");
        return;
      }
      const misfits = {
        "a chunk too few": { ...item, chunk: { ...chunk, count: chunk.count - 1 } },
        "no bytes": { ...item, chunk: { ...chunk, totalBytes: 0, count: 0 } },
        "chunks of no size": { ...item, chunk: { ...chunk, chunkBytes: 0 } },
        "a short checksum": { ...item, chunk: { ...chunk, checksum: new Uint8Array(3) } },
        "another token": { ...item, chunk: { ...chunk, token: token(4) } },
        "a value inline too": { ...item, value: toBytes("v") },
      };
      for (const [what, misfit] of Object.entries(misfits)) {
        const wrong = send({ ...put, id: "r", items: [misfit] });
        await refused(what, wrong, "INVALID_ARGUMENT", "no");
      }
      const staged = { namespace: namespace(), id: "r", key: "k", token: token(5) };
      const stage = stageRequest(staged, NEW);
      const wrong = {
        "no chunk": { ...stage, chunks: [] },
        "a short chunk before others": { ...stage, chunks: [NEW.slice(0, 15), NEW.slice(0, 16)] },
        "an empty chunk": { ...stage, chunks: [NEW.slice(0, 16), NEW.slice(0, 0)] },
        "a long chunk": { ...stage, chunks: [NEW.slice(0, 17)] },
        "a chunk before the first": { ...stage, first: -1 },
        "half a chunk": { ...stage, first: 0.5 },
      };
      for (const [what, request] of Object.entries(wrong)) {
        await refused(what, send(request), "INVALID_ARGUMENT");
      }
      valueIs("the value", await record("r").get("k"), OLD);
    },
  },
  {
    id: "chunk-commits/token-window",
    rules: ["CHUNK-3", "TOK-3"],
    title: "Chunks are staged only under a token that their put could still come under.",
    needs: [],
    namespaces: { main: SHORT_WINDOW },
    run: async ({ record, send, namespace, token, clock, chunkRows }) => {
      const staged = (at: number) => ({
        namespace: namespace(),
        id: "r",
        key: "k",
        token: token(at),
      });
      clock.advance(10 * MINUTE);
      await refused("too old", send(stageRequest(staged(-1), NEW)), "TOKEN_FROM_PAST");
      const ahead = 10 * MINUTE + 2_000_001;
      await refused("too new", send(stageRequest(staged(ahead), NEW)), "TOKEN_FROM_FUTURE");
      same("rows of chunks after refusals", (await chunkRows().list()).length, 0);
      await send(stageRequest(staged(0), NEW));
      await record("r").put("k", NEW, { at: 0 });
      valueIs("the value put at the bound", await record("r").get("k"), NEW);
    },
  },
];
