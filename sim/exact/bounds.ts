/** Calls at the very bounds of a namespace, to the byte and to the microsecond, and a step beyond. */
import { HOUR, matchKeys, type Micros, SECOND, toHex, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import { difference, differences } from "./difference.ts";
import { type Asked, type ExactCall } from "./exact-call.ts";
import { firstFlaw, House, HOUSE, refusedWith } from "./house.ts";

const ID = "bounds";
const KEY = utf8("k");
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i & 0xff);

const LIMITS = {
  maxValueBytes: 300,
  chunking: { aboveBytes: 64, chunkBytes: 50, requestBytesMax: 100, wholeBytesMax: 200 },
};

/** The value of the key, in full, as this client gets it. */
async function readBack(client: KvClient): Promise<Uint8Array | undefined> {
  const { items } = await client.getItems({
    namespace: HOUSE,
    id: ID,
    predicate: matchKeys(KEY),
  });
  return items[0]?.value;
}

const putBy =
  (client: KvClient, asked: Asked) =>
  (value: Uint8Array): Promise<unknown> =>
    client.putItems({
      namespace: HOUSE,
      id: ID,
      items: [{ key: KEY, value }],
      token: asked.token(),
    });

const VALUES: ExactCall = {
  rule: "DATA-4",
  says: "values as long as a namespace and a server take, and a byte longer",
  ask: async (asked) => {
    const house = await House.open(asked, LIMITS);
    const chunking = house.client();
    const plain = house.client({ capabilities: { chunking: false } });
    const [put, putWhole] = [putBy(chunking, asked), putBy(plain, asked)];
    await chunking.getItems({ namespace: HOUSE, id: ID });
    const items = [{ key: KEY, value: bytes(301) }];
    const kind = "put_items";
    const capabilities = { protocol: 1, chunking: true, codecs: [], dictionaries: false };
    const request = { kind, id: ID, items, token: asked.token(), capabilities };
    const stream = (length: number) => (): Promise<unknown> =>
      chunking.putValue({ namespace: HOUSE, id: ID, key: KEY, token: asked.token() }, [
        bytes(length),
      ]);
    const is = (client: KvClient, length: number) => async (): Promise<string | undefined> =>
      difference(await readBack(client), bytes(length));
    await put(bytes(300));
    return firstFlaw([
      ["the longest", is(chunking, 300)],
      ["one longer", () => refusedWith("TOO_LARGE", () => put(bytes(301)))],
      ["one longer in one piece", () => refusedWith("TOO_LARGE", () => house.straight(request))],
      ["one longer as a stream", () => refusedWith("TOO_LARGE", stream(301))],
      ["the one before", is(chunking, 300)],
      ["too long for a server", () => refusedWith("UNSUPPORTED", () => readBack(plain))],
      ["one longer by a server", () => refusedWith("TOO_LARGE", () => putWhole(bytes(201)))],
      ["the longest by a server", async () => void (await putWhole(bytes(200)))],
      ["that one by a server", is(plain, 200)],
      ["that one by a client", is(chunking, 200)],
    ]);
  },
};

/** Who splits a value: the client where it can, so that no server has it whole. */
const WHO_SPLITS: ExactCall = {
  rule: "CHUNK-6",
  says: "what goes out for a value in chunks",
  ask: async (asked) => {
    const house = await House.open(asked, LIMITS);
    const kinds: string[] = [];
    const client = house.client({
      transport: (request, call) => {
        kinds.push(request.kind);
        return house.transport(request, call);
      },
    });
    await putBy(client, asked)(bytes(65));
    const unheard = kinds.splice(0);
    await putBy(client, asked)(bytes(65));
    await putBy(client, asked)(bytes(64));
    return differences([
      ["before its server was heard", unheard, ["put_items"]],
      ["after it", kinds, ["handshake", "stage_chunks", "put_items", "put_items"]],
    ]);
  },
};

const WINDOW = { maxAge: 10 * SECOND, maxDrift: SECOND };

const TOKENS: ExactCall = {
  rule: "TOK-3",
  says: "tokens as old and as new as may be, and a microsecond more",
  ask: async (asked) => {
    const house = await House.open(asked, { tokens: WINDOW });
    const now = house.env.clock.wall();
    const put = (generationTime: Micros, expiresAt?: number) => (): Promise<unknown> =>
      house.straight({
        kind: "put_items",
        id: ID,
        token: { ...asked.token(), generationTime },
        items: [{ key: KEY, value: KEY, expiresAt }],
      });
    const taken = async (): Promise<undefined> => {
      await put(now + WINDOW.maxDrift)();
      await put(now - WINDOW.maxAge)();
      await put(now, now + 1)();
    };
    return firstFlaw([
      ["at the bounds", taken],
      ["too new", () => refusedWith("TOKEN_FROM_FUTURE", put(now + WINDOW.maxDrift + 1))],
      ["too old", () => refusedWith("TOKEN_FROM_PAST", put(now - WINDOW.maxAge - 1))],
      ["half a microsecond", () => refusedWith("INVALID_ARGUMENT", put(now + 0.5))],
      ["no time", () => refusedWith("INVALID_ARGUMENT", put(0))],
      ["an end at its beginning", () => refusedWith("INVALID_ARGUMENT", put(now, now))],
      ["an end within a microsecond", () => refusedWith("INVALID_ARGUMENT", put(now, now + 0.5))],
    ]);
  },
};

/** By default, and by its own; there until its last microsecond, and then free for who puts where nothing is. */
const LIVES: ExactCall = {
  rule: "TTL-1",
  says: "items until the microsecond at which they end",
  ask: async (asked) => {
    const house = await House.open(asked, { defaultTtlMicros: HOUR });
    const client = house.client();
    const token = asked.token();
    const items = [
      { key: utf8("a"), value: KEY },
      { key: utf8("b"), value: KEY, ttlMicros: SECOND },
    ];
    await client.putItems({ namespace: HOUSE, id: ID, items, token });
    const look = async (): Promise<unknown[]> => {
      const page = await client.getItems({ namespace: HOUSE, id: ID });
      return page.items.map(({ key, metadata }) => [toHex(key), metadata.lifecycle.expiresAt]);
    };
    const writeTime = token.generationTime;
    const ends = [
      ["61", writeTime + HOUR],
      ["62", writeTime + SECOND],
    ];
    house.pass(writeTime + SECOND - 1 - house.env.clock.wall());
    const found = [await look()];
    const again = { namespace: HOUSE, id: ID, items: [items[1]!], ifAbsent: true as const };
    const putAgain = async (): Promise<unknown> =>
      (await client.putItems({ ...again, token: asked.token() })).outcomes;
    const both = { ...again, items, token: asked.token() };
    const flaw = await refusedWith("INVALID_ARGUMENT", () => client.putItems(both), "of 2 items");
    if (flaw !== undefined) return flaw;
    const outcomes = [await putAgain()];
    house.pass(1);
    found.push(await look());
    outcomes.push(await putAgain());
    return differences([
      ["keys and their ends in its last microsecond", found[0], ends],
      ["a put where nothing is, then", outcomes[0], ["present"]],
      ["keys and their ends a microsecond later", found[1], ends.slice(0, 1)],
      ["a put where nothing is, then", outcomes[1], ["applied"]],
    ]);
  },
};

/** Nobody is there to stage chunks when a list is applied. */
const LISTED: ExactCall = {
  rule: "MUT-1",
  says: "values of a list as long as a row takes, and a byte longer, and one in chunks",
  ask: async (asked) => {
    const house = await House.open(asked, LIMITS, { log: {} });
    const client = house.client();
    const handIn = (length: number) => (): Promise<unknown> => {
      const put = [{ key: KEY, value: bytes(length) }];
      const mutations = [{ namespace: HOUSE, id: ID, put }];
      return client.mutateItems({ mutations, token: asked.token() });
    };
    await handIn(64)();
    const token = asked.token();
    const sizes = { count: 2, chunkBytes: 50, totalBytes: 65, checksum: bytes(4) };
    const chunk = { ...sizes, staging: bytes(8), token };
    const items = [{ key: KEY, value: bytes(0), chunk }];
    const mutations = [{ kind: "put", namespace: HOUSE, id: ID, items }];
    const inChunks = (): Promise<unknown> =>
      house.straight({ kind: "mutate_items", token, mutations });
    return firstFlaw([
      ["one longer", () => refusedWith("TOO_LARGE", handIn(65), "65 bytes, wanted at most 64")],
      ["one in chunks", () => refusedWith("TOO_LARGE", inChunks, "in chunks, wanted")],
    ]);
  },
};

/** In this order. */
export const BOUNDS: readonly ExactCall[] = [VALUES, WHO_SPLITS, TOKENS, LIVES, LISTED];
