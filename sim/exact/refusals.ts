/** Calls that break a rule of the interface, each by a little: refused by name, with nothing done. */
import {
  ID_BYTES_MAX,
  ITEMS_PER_REQUEST_MAX,
  KEY_BYTES_MAX,
  KvError,
  type KvErrorCode,
  keyOnly,
  LIST_MUTATIONS_MAX,
  matchAll,
  matchKeys,
  matchRange,
  PAGE_SIZE_BYTES_MAX,
  type Selection,
  utf8,
} from "kvdal";
import { createClient, type KvClient } from "kvdal/client";
import type { ExactRule } from "../check/exact.ts";
import { differences } from "./difference.ts";
import { type Asked, type ExactCall, refusal } from "./exact-call.ts";

type Wrong = (asked: Asked) => (client: KvClient) => Promise<unknown>;

const KEY = utf8("k");
const LONG_KEY = new Uint8Array(KEY_BYTES_MAX + 1);
const ITEM = { key: KEY, value: KEY };

const put =
  (changes: object): Wrong =>
  ({ namespace, id, token }) =>
  (client) =>
    client.putItems({ namespace, id, items: [ITEM], token: token(), ...changes });

const get =
  (changes: object): Wrong =>
  ({ namespace, id }) =>
  (client) =>
    client.getItems({ namespace, id, ...changes });

const select = (selection: Selection): Wrong => get({ selection });

const remove =
  (changes: object): Wrong =>
  ({ namespace, id, token }) =>
  (client) =>
    client.deleteItems({ namespace, id, token: token(), ...changes });

const scan =
  (changes: object): Wrong =>
  ({ namespace }) =>
  async (client) => {
    for await (const _ of client.scan({ namespace, ...changes })) break;
  };

const manyKeys = Array.from({ length: ITEMS_PER_REQUEST_MAX + 1 }, (_, i) => utf8(`many ${i}`));

const WRONG: readonly (readonly [ExactRule, KvErrorCode, string, Wrong])[] = [
  ["DATA-4", "INVALID_ARGUMENT", "an empty id", put({ id: "" })],
  ["DATA-4", "INVALID_ARGUMENT", "an id that is no text", put({ id: "\ud800" })],
  ["DATA-4", "TOO_LARGE", "a long id", put({ id: "i".repeat(ID_BYTES_MAX + 1) })],
  ["DATA-4", "TOO_LARGE", "a long id in a read", get({ id: "i".repeat(ID_BYTES_MAX + 1) })],
  ["DATA-4", "TOO_LARGE", "a long key", put({ items: [{ ...ITEM, key: LONG_KEY }] })],
  ["DATA-4", "TOO_LARGE", "a long key in a read", get({ predicate: matchKeys(LONG_KEY) })],
  ["DATA-4", "TOO_LARGE", "a long key deleted", remove({ predicate: matchKeys(LONG_KEY) })],
  [
    "DATA-4",
    "TOO_LARGE",
    "a long bound of a range",
    get({ predicate: matchRange(new Uint8Array(KEY_BYTES_MAX + 2), undefined) }),
  ],
  [
    "DATA-4",
    "TOO_LARGE",
    "a long bound of a deletion",
    remove({ predicate: matchRange(undefined, new Uint8Array(KEY_BYTES_MAX + 2)) }),
  ],
  ["DATA-4", "INVALID_ARGUMENT", "many keys read", get({ predicate: matchKeys(...manyKeys) })],
  ["PUT-1", "INVALID_ARGUMENT", "a put of nothing", put({ items: [] })],
  ["PUT-1", "INVALID_ARGUMENT", "a put of many items", put({ items: manyKeys.map(keyOnly) })],
  ["PUT-1", "INVALID_ARGUMENT", "a key twice", put({ items: [ITEM, ITEM] })],
  [
    "PUT-1",
    "INVALID_ARGUMENT",
    "a nonce of one byte",
    ({ namespace, id, token }) =>
      (client) =>
        client.putItems({ namespace, id, items: [ITEM], token: { ...token(), nonce: KEY } }),
  ],
  ["DEL-2", "INVALID_ARGUMENT", "a deletion of no key", remove({ predicate: matchKeys() })],
  ["DEL-2", "INVALID_ARGUMENT", "many keys deleted", remove({ predicate: matchKeys(...manyKeys) })],
  ["TTL-3", "INVALID_ARGUMENT", "no time to live", put({ items: [{ ...ITEM, ttlMicros: 0 }] })],
  [
    "TTL-3",
    "INVALID_ARGUMENT",
    "half a microsecond",
    put({ items: [{ ...ITEM, ttlMicros: 0.5 }] }),
  ],
  ["TTL-3", "INVALID_ARGUMENT", "31 years", put({ items: [{ ...ITEM, ttlMicros: 10 ** 15 }] })],
  ["GET-3", "INVALID_ARGUMENT", "a page of no byte", select({ pageSizeBytes: 0 })],
  ["GET-3", "INVALID_ARGUMENT", "a large page", select({ pageSizeBytes: PAGE_SIZE_BYTES_MAX + 1 })],
  ["GET-3", "INVALID_ARGUMENT", "no item", select({ itemLimit: 0 })],
  ["GET-3", "INVALID_ARGUMENT", "half an item", select({ itemLimit: 1.5 })],
  ["GET-3", "INVALID_ARGUMENT", "a size below nothing", select({ excludeValuesAboveBytes: -1 })],
  ["GET-3", "INVALID_ARGUMENT", "another part of items", select({ include: "all" as "keys" })],
  ["PAGE-3", "INVALID_ARGUMENT", "a page token that is none", get({ pageToken: KEY })],
  ["NS-3", "NAMESPACE_NOT_FOUND", "a namespace that is none", put({ namespace: "nowhere" })],
  ["NS-3", "NAMESPACE_NOT_FOUND", "a read of one that is none", get({ namespace: "nowhere" })],
  [
    "MUT-1",
    "INVALID_ARGUMENT",
    "an id of a list that is none",
    () => (client) => client.mutationStatus("nothing"),
  ],
  [
    "MUT-1",
    "INVALID_ARGUMENT",
    "an id of a list that ends in no number",
    ({ namespace }) =>
      (client) =>
        client.mutationStatus(`${"1".repeat(47)}g@${namespace}`),
  ],
  [
    "SCAN-1",
    "INVALID_ARGUMENT",
    "a segment of none",
    ({ namespace }) =>
      (client) =>
        client.scanItems({ namespace, segment: { index: 0, of: 0 } }),
  ],
  [
    "SCAN-1",
    "INVALID_ARGUMENT",
    "a segment past the last",
    ({ namespace }) =>
      (client) =>
        client.scanItems({ namespace, segment: { index: 2, of: 2 } }),
  ],
  [
    "SCAN-1",
    "INVALID_ARGUMENT",
    "a segment before the first",
    ({ namespace }) =>
      (client) =>
        client.scanItems({ namespace, segment: { index: -1, of: 2 } }),
  ],
  ["SCAN-1", "INVALID_ARGUMENT", "a scan in no segment", scan({ segments: 0 })],
  ["SCAN-1", "INVALID_ARGUMENT", "a scan in a thousand segments", scan({ segments: 1_000 })],
  ["SCAN-1", "INVALID_ARGUMENT", "a scan of no segment at a time", scan({ concurrency: 0 })],
  ["SCAN-1", "INVALID_ARGUMENT", "a scan of nothing", scan({ namespace: undefined })],
  [
    "SCAN-1",
    "INVALID_ARGUMENT",
    "a checkpoint of no segment",
    (asked) => scan({ from: { namespace: asked.namespace, segments: [] } })(asked),
  ],
];

/** A token of a traversal works for no other, and not with a bit changed (PAGE-3). */
const PAGE_TOKENS: ExactCall = {
  rule: "PAGE-3",
  says: "a page token in another traversal, or altered",
  ask: async (asked) => {
    const { namespace, id } = asked;
    const selection = { pageSizeBytes: 1 };
    const first = await asked.call((client) => client.getItems({ namespace, id, selection }));
    const pageToken = first.nextPageToken;
    if (pageToken === undefined) return "no token came with the first page";
    const altered = pageToken.slice();
    altered[altered.length - 1]! ^= 1;
    const others: readonly object[] = [
      { id: `${id}+` },
      { predicate: matchRange(utf8(""), utf8("z")) },
      { predicate: matchKeys(utf8("c")) },
      { selection: { ...selection, reverse: true } },
      { pageToken: altered },
      { pageToken: pageToken.slice(0, -1) },
    ];
    for (const other of others) {
      const input = { namespace, id, selection, pageToken, predicate: matchAll, ...other };
      const flaw = await refusal(asked, "INVALID_ARGUMENT", (client) => client.getItems(input));
      if (flaw !== undefined) return flaw;
    }
    const range = { namespace, id, selection, predicate: matchRange(utf8(""), utf8("c")) };
    const ofRange = (await asked.call((client) => client.getItems(range))).nextPageToken;
    const wider = { ...range, predicate: matchRange(utf8(""), utf8("d")), pageToken: ofRange };
    const ranged = await refusal(asked, "INVALID_ARGUMENT", (client) => client.getItems(wider));
    if (ranged !== undefined) return ranged;
    const inScan = { namespace, pageToken };
    return refusal(asked, "INVALID_ARGUMENT", (client) => client.scanItems(inScan));
  },
};

/** Put where nothing is, and again: where the engine has no such thing, that is said (PUT-5). */
const IF_ABSENT: ExactCall = {
  rule: "PUT-5",
  says: "a put where nothing is, and one where something is",
  ask: async (asked) => {
    const { namespace, id } = asked;
    const item = { key: utf8("if absent"), value: KEY };
    const ask = async (): Promise<string> => {
      const input = { namespace, id, items: [item], ifAbsent: true as const, token: asked.token() };
      try {
        const { outcomes } = await asked.call((client) => client.putItems(input));
        return outcomes.join();
      } catch (error) {
        if (error instanceof KvError && error.applied === "no") return error.code;
        throw error;
      }
    };
    const answers = [await ask(), await ask()].join();
    if (answers === "UNSUPPORTED,UNSUPPORTED") return undefined;
    return differences([["outcomes", answers, "applied,present"]]);
  },
};

/** Lists of none, of too many, and of what is refused by itself; where there is no log, that is said (MUT-1). */
const LISTS: ExactCall = {
  rule: "MUT-1",
  says: "lists that are refused",
  ask: async (asked) => {
    const { namespace, id } = asked;
    const one = { namespace, id, put: [ITEM] };
    const lists = [
      [],
      Array.from({ length: LIST_MUTATIONS_MAX + 1 }, () => one),
      [one, { namespace, id: "", put: [ITEM] }],
      [{ namespace, id, put: [] }],
      [{ namespace, id, delete: matchKeys() }],
    ];
    for (const mutations of lists) {
      const input = { mutations, token: asked.token() };
      try {
        await asked.call((client) => client.mutateItems(input));
        return `a list of ${mutations.length} was accepted, wanted none`;
      } catch (error) {
        if (!(error instanceof KvError)) throw error;
        const { code, applied } = error;
        if (code !== "INVALID_ARGUMENT" && code !== "UNSUPPORTED") return error.message;
        if (applied !== "no") return `${error.message}, applied: ${applied}`;
      }
    }
    return undefined;
  },
};

/** Bounds of a client that are none. */
const BOUNDS: readonly object[] = [
  { retryShare: -0.1 },
  { retryShare: 1.1 },
  { hedgeShare: 2 },
  { hedgeShare: Number.NaN },
  { retryBurst: -1 },
  { hedgeBurst: -1 },
  { refreshMicros: 0 },
];

const NOBODY = (): Promise<never> => Promise.reject(new KvError("UNAVAILABLE", "nobody is there"));

const CLIENTS: ExactCall = {
  rule: "RES-2",
  says: "clients with bounds that are none, and with the least",
  ask: async ({ env }) => {
    const parts = { env, transport: NOBODY };
    for (const limits of BOUNDS) {
      try {
        createClient({ ...parts, limits });
        return `a client with ${JSON.stringify(limits)} was made`;
      } catch (error) {
        if (!(error instanceof KvError) || error.code !== "INVALID_ARGUMENT") throw error;
      }
    }
    const least = { retryShare: 0, hedgeShare: 1, retryBurst: 0, hedgeBurst: 0 };
    createClient({ ...parts, limits: least });
    return undefined;
  },
};

/** In this order, after those that are answered. */
export const REFUSED: readonly ExactCall[] = [
  ...WRONG.map(
    ([rule, code, says, wrong]): ExactCall => ({
      rule,
      says,
      ask: (asked) => refusal(asked, code, wrong(asked)),
    }),
  ),
  PAGE_TOKENS,
  IF_ABSENT,
  LISTS,
  CLIENTS,
];
