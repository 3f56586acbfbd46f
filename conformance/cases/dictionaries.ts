/** Compression with dictionaries of a namespace: their versions, and what is left when one is gone (COMP-3). */
import type { KvClient } from "kvdal";
import { fromUtf8, utf8 } from "kvdal";
import { absent, holds, refused, same, valueIs } from "../kit/check.ts";
import { asStored, COMPRESSING, codecWith } from "../kit/compressed-value.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { type DictionaryTable, dictionaryTable } from "../kit/dictionary-table.ts";
import type { ConformanceStore } from "../kit/store.ts";
import { streamed } from "../kit/large-value.ts";

const namespaces = { main: COMPRESSING };
/** What every value has in common, and a value with something of its own. */
const SHAPE = '{"first_name":"","last_name":"","country_of_birth":"","favourite_colour":""}';
const person = (n: number): Uint8Array => utf8(SHAPE.replaceAll('""', `"${n * 37}"`));
const FIRST = "aaaa00000001";
const SECOND = "bbbb00000002";

/** A client with dictionaries of its own, which has heard of the namespace's wishes. */
async function withDictionaries(
  { connect, record }: ConformanceStore,
  dictionaries: DictionaryTable,
  namespace?: string,
): Promise<KvClient> {
  const client = connect({ codec: codecWith(dictionaries) });
  await record("nothing", { client, ...(namespace === undefined ? {} : { namespace }) }).read();
  return client;
}

/** Cases of this topic. */
export const dictionaryCases: readonly ConformanceCase[] = [
  {
    id: "dictionaries/versions",
    rules: ["COMP-3"],
    title:
      "Values name the dictionary that they were compressed with, and come back by it when another is current.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, namespace, dictionaries, connect, client: without } = store;
      const own = dictionaryTable();
      const client = await withDictionaries(store, own);
      await record("r", { client }).put("none", person(0));
      for (const [key, id, content] of [
        ["first", FIRST, SHAPE],
        ["second", SECOND, `${SHAPE} and more`],
      ] as const) {
        for (const table of [own, dictionaries]) table.roll(namespace(), id, utf8(content));
        await record("r", { client }).put(key, person(1));
        const stored = await asStored(store, "r", key);
        same(`${key}: its dictionary`, stored?.metadata.compression?.dictionaryId, id);
        const bytes = stored?.value.length ?? 0;
        holds(`${key}: bytes stored`, bytes < person(1).length / 2, bytes, "less than half");
      }
      const readers = { client, without, bare: connect({ codec: undefined }) };
      for (const [who, reader] of Object.entries(readers)) {
        for (const [key, value] of [
          ["none", person(0)],
          ["first", person(1)],
          ["second", person(1)],
        ] as const) {
          valueIs(`${who}: ${key}`, await record("r", { client: reader }).get(key), value);
          same(`${who}: stream`, await streamed(reader, namespace(), "r", key), value);
        }
      }
    },
  },
  {
    id: "dictionaries/gone-at-client",
    rules: ["COMP-3"],
    title:
      "A client that has lost a dictionary, or has another under its name, gets the value from the server.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, namespace, dictionaries } = store;
      const own = dictionaryTable();
      const client = await withDictionaries(store, own);
      for (const table of [own, dictionaries]) table.roll(namespace(), FIRST, utf8(SHAPE));
      await record("r", { client }).put("k", person(1));
      own.remove(namespace(), FIRST);
      valueIs("without it", await record("r", { client }).get("k"), person(1));
      same("as a stream", await streamed(client, namespace(), "r", "k"), person(1));
      own.roll(namespace(), FIRST, utf8(SHAPE.toUpperCase()));
      valueIs("with another", await record("r", { client }).get("k"), person(1));
    },
  },
  {
    id: "dictionaries/gone-everywhere",
    rules: ["ERR-1", "COMP-3"],
    title:
      "When a dictionary is gone everywhere its values are DATA_LOSS, which names it; other values stay readable.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, namespace, dictionaries, connect } = store;
      const own = dictionaryTable();
      const client = await withDictionaries(store, own);
      await record("r", { client }).put("other", person(0));
      for (const table of [own, dictionaries]) table.roll(namespace(), FIRST, utf8(SHAPE));
      await record("r", { client }).put("k", person(1));
      for (const table of [own, dictionaries]) table.remove(namespace(), FIRST);
      for (const reader of [client, connect({ codec: undefined })]) {
        const one = record("r", { client: reader });
        const error = await refused("the value", one.get("k"), "DATA_LOSS");
        holds("what is said", error.message.includes(FIRST), error.message, `it names ${FIRST}`);
        valueIs("the other value", await one.get("other"), person(0));
      }
      await record("r", { client }).put("new", person(2));
      valueIs("a new value", await record("r", { client }).get("new"), person(2));
    },
  },
  {
    id: "dictionaries/by-an-alias",
    rules: ["NS-4", "COMP-3"],
    title:
      "Through an alias values are compressed without a dictionary: the name may point elsewhere when they arrive.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      const { record, namespace, dictionaries } = store;
      const fields = { compression: { codec: "zstd", min_bytes: 0 } };
      const configured = { v1: { aliases: ["live"], fields }, v2: { fields } };
      same("refused at the beginning", await store.configure(configured), []);
      const own = dictionaryTable();
      const client = await withDictionaries(store, own, "live");
      for (const table of [own, dictionaries]) {
        for (const label of ["v1", "live"]) table.roll(namespace(label), FIRST, utf8(SHAPE));
      }
      const value = utf8(fromUtf8(person(1)).repeat(3));
      await record("r", { namespace: "live", client }).put("k", value);
      const item = await record("r", { namespace: "v1", client }).get("k");
      valueIs("the value", item, value);
      const wanted = { codec: "zstd", originalBytes: value.length };
      same("what its metadata say", item?.metadata.compression, wanted);
      absent("in the other", await record("r", { namespace: "v2", client }).get("k"));
      await record("r", { namespace: "v1", client }).read();
      await record("r", { namespace: "v1", client }).put("k", value);
      const named = await record("r", { namespace: "v1", client }).get("k");
      valueIs("the value, by the name", named, value);
      same("its dictionary", named?.metadata.compression?.dictionaryId, FIRST);
    },
  },
];
