/** What can be wrong between caller and engine: refusals, tokens, limits, pages. */
import { KvError } from "../../../src/model/error.ts";
import type { GetItemsInput, PutItemsInput } from "../../../src/client/inputs.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { memory } from "../../../src/engines/memory/adapter.ts";
import { engineDoor } from "kvdal/conformance";
import { clientFlaw, doorFlaw, type Flaw } from "./flaw.ts";

type Codes = readonly KvError["code"][];

const isOf = (error: unknown, codes: Codes): boolean =>
  error instanceof KvError && codes.includes(error.code);
const NO_PAGE = { items: [], nextPageToken: undefined };
const TOKEN = { generationTime: 1, nonce: new Uint8Array(16) };

/** Mutations that are refused with these codes look like successes. */
const swallows =
  (codes: Codes) =>
  (client: KvClient): Partial<KvClient> => ({
    putItems: (input, options) =>
      client.putItems(input, options).catch((error: unknown) => swallow(error, codes)),
    deleteItems: (input, options) =>
      client.deleteItems(input, options).catch((error: unknown) => swallow(error, codes)),
  });

function swallow(error: unknown, codes: Codes): { token: typeof TOKEN; outcomes: readonly [] } {
  if (isOf(error, codes)) return { token: TOKEN, outcomes: [] };
  throw error;
}

const getItems =
  (change: (input: GetItemsInput) => GetItemsInput) =>
  (client: KvClient): Partial<KvClient> => ({
    getItems: (input, options) => client.getItems(change(input), options),
  });

const putItems =
  (change: (input: PutItemsInput) => PutItemsInput) =>
  (client: KvClient): Partial<KvClient> => ({
    putItems: (input, options) => client.putItems(change(input), options),
  });

/** Errors come out changed. */
const errors =
  (change: (error: KvError) => Error) =>
  (client: KvClient): Partial<KvClient> => {
    const fail = (error: unknown): never => {
      throw error instanceof KvError ? change(error) : error;
    };
    return {
      putItems: (input, options) => client.putItems(input, options).catch(fail),
      deleteItems: (input, options) => client.deleteItems(input, options).catch(fail),
      getItems: (input, options) => client.getItems(input, options).catch(fail),
    };
  };

/** The servers are configured otherwise than they were told; `count` configurations have come before. */
function configureFlaw(
  id: string,
  change: (
    configure: () => Promise<readonly string[]>,
    count: number,
  ) => Promise<readonly string[]>,
): Flaw {
  return doorFlaw(id, (door) => ({
    open: async (wish) => {
      const deployment = await door.open(wish);
      let count = -1;
      const configure = (document: string): Promise<readonly string[]> => {
        count += 1;
        return change(() => deployment.configure(document), count);
      };
      return { ...deployment, configure };
    },
  }));
}

export const clientFlaws: readonly Flaw[] = [
  clientFlaw("swallows INVALID_ARGUMENT of writes", swallows(["INVALID_ARGUMENT"])),
  clientFlaw("swallows TOO_LARGE of writes", swallows(["TOO_LARGE"])),
  clientFlaw("swallows refused tokens", swallows(["TOKEN_FROM_PAST", "TOKEN_FROM_FUTURE"])),
  clientFlaw("swallows unknown namespaces", swallows(["NAMESPACE_NOT_FOUND"])),
  clientFlaw("answers failed reads as empty", (client) => ({
    getItems: (input, options) => client.getItems(input, options).catch(() => NO_PAGE),
  })),
  clientFlaw("answers reads without time as empty", (client) => ({
    getItems: (input, options) =>
      options?.timeoutMicros === 0 ? Promise.resolve(NO_PAGE) : client.getItems(input, options),
  })),
  clientFlaw("answers missing records as an error", (client) => ({
    getItems: async (input, options) => {
      const page = await client.getItems(input, options);
      if (page.items.length > 0 || page.nextPageToken !== undefined) return page;
      throw new KvError("INVALID_ARGUMENT", "no such record");
    },
  })),
  clientFlaw(
    "throws plain errors",
    errors((error) => new Error(error.message)),
  ),
  clientFlaw(
    "says unknown where it is no",
    errors((error) => new KvError(error.code, error.message, { applied: "unknown" })),
  ),
  clientFlaw(
    "says no where it is unknown",
    errors((error) => new KvError(error.code, error.message, { applied: "no" })),
  ),
  clientFlaw(
    "says no more than its code",
    errors((error) => new KvError(error.code, "failed")),
  ),
  clientFlaw(
    "has one code for all",
    errors(() => new KvError("INTERNAL", "failed, wanted success", { applied: "no" })),
  ),
  clientFlaw("writes the items that are right", (client) => ({
    putItems: (input, options) =>
      client.putItems(input, options).catch(async (error: unknown) => {
        for (const item of input.items) {
          await client.putItems({ ...input, items: [item] }).catch(() => undefined);
        }
        throw error;
      }),
  })),
  clientFlaw("deletes the keys that are right", (client) => ({
    deleteItems: (input, options) =>
      client.deleteItems(input, options).catch(async (error: unknown) => {
        const { predicate } = input;
        for (const key of predicate?.kind === "match_keys" ? predicate.keys : []) {
          await client
            .deleteItems({ ...input, predicate: { kind: "match_keys", keys: [key] } })
            .catch(() => undefined);
        }
        throw error;
      }),
  })),
  clientFlaw(
    "takes the last of a key twice",
    putItems((input) => ({
      ...input,
      items: [...new Map(input.items.map((item) => [String(item.key), item])).values()],
    })),
  ),
  clientFlaw("bends tokens into the window", (client, _number, env) => ({
    putItems: (input, options) => client.putItems(bent(input, env.clock.wall()), options),
    deleteItems: (input, options) => client.deleteItems(bent(input, env.clock.wall()), options),
  })),
  clientFlaw("refuses tokens at the bound", (client, _number, env) => ({
    putItems: async (input, options) => {
      const age = Math.abs(env.clock.wall() - (input.token?.generationTime ?? env.clock.wall()));
      if (age === 600e6 || age === 3600e6 || age === 2e6) {
        throw new KvError("TOKEN_FROM_PAST", "at the bound");
      }
      return client.putItems(input, options);
    },
  })),
  clientFlaw("issues tokens by the clock alone", (client, _number, env) => ({
    putItems: (input, options) =>
      client.putItems(
        {
          ...input,
          token: input.token ?? { generationTime: env.clock.wall(), nonce: new Uint8Array(16) },
        },
        options,
      ),
  })),
  clientFlaw("makes a new token for each attempt", (client) => ({
    putItems: ({ token: _token, ...input }, options) => client.putItems(input, options),
    deleteItems: ({ token: _token, ...input }, options) => client.deleteItems(input, options),
  })),
  clientFlaw("counts time to live from the attempt", (client, _number, env) => ({
    putItems: (input, options) => client.putItems(movedTtl(input, env.clock.wall()), options),
  })),
  clientFlaw(
    "takes an invalid time to live for none",
    putItems((input) => ({
      ...input,
      items: input.items.map(({ ttlMicros = 0, ...item }) =>
        ttlMicros > 0 && Number.isInteger(ttlMicros) ? { ...item, ttlMicros } : item,
      ),
    })),
  ),
  clientFlaw(
    "cuts a time to live to twenty years",
    putItems((input) => ({
      ...input,
      items: input.items.map((item) =>
        item.ttlMicros === undefined
          ? item
          : { ...item, ttlMicros: item.ttlMicros > 630_720_000e6 ? 630_720_000e6 : item.ttlMicros },
      ),
    })),
  ),
  clientFlaw("ignores the time-out", (client) => ({
    getItems: (input) => client.getItems(input),
    putItems: (input) => client.putItems(input),
    deleteItems: (input) => client.deleteItems(input),
  })),
  clientFlaw("has one outcome for a request", (client) => ({
    putItems: async (input, options) => {
      const result = await client.putItems(input, options);
      return { ...result, outcomes: result.outcomes.slice(0, 1) };
    },
  })),
  clientFlaw("reads a write late at the other server", lagging()),
  clientFlaw("takes an inverted range for its reverse", (client) => ({
    getItems: (input, options) => client.getItems(righted(input), options),
  })),
  clientFlaw("deletes inverted ranges the right way round", (client) => ({
    deleteItems: (input, options) => client.deleteItems(righted(input), options),
  })),
  clientFlaw("fails after an empty range", poisoned()),
  clientFlaw("counts the item limit a page", itemLimitAPage()),
  clientFlaw(
    "ignores the item limit",
    getItems((input) => withSelection(input, ({ itemLimit: _limit, ...rest }) => rest)),
  ),
  clientFlaw(
    "makes pages four times as large",
    getItems((input) =>
      withSelection(input, (selection) => ({
        ...selection,
        pageSizeBytes: Math.min((selection.pageSizeBytes ?? 65_536) * 4, 8_388_608),
      })),
    ),
  ),
  clientFlaw(
    "makes pages half as large",
    getItems((input) =>
      withSelection(input, (selection) => ({
        ...selection,
        pageSizeBytes: Math.max(1, Math.floor((selection.pageSizeBytes ?? 65_536) / 2)),
      })),
    ),
  ),
  clientFlaw(
    "takes any selection",
    getItems((input) =>
      withSelection(input, (selection) =>
        Object.fromEntries(
          Object.entries(selection).filter(([, value]) => typeof value !== "number" || value >= 1),
        ),
      ),
    ),
  ),
  clientFlaw(
    "returns values that were not asked for",
    getItems((input) => withSelection(input, ({ include: _include, ...rest }) => rest)),
  ),
  clientFlaw(
    "leaves values of the size out too",
    getItems((input) =>
      withSelection(input, (selection) =>
        selection.excludeValuesAboveBytes === undefined
          ? selection
          : { ...selection, excludeValuesAboveBytes: selection.excludeValuesAboveBytes - 1 },
      ),
    ),
  ),
  clientFlaw("begins again at a token it does not know", (client) => ({
    getItems: (input, options) =>
      client.getItems(input, options).catch((error: unknown) => {
        if (input.pageToken === undefined) throw error;
        return client.getItems({ ...input, pageToken: undefined }, options);
      }),
  })),
  clientFlaw("takes a token once", usedOnce()),
  clientFlaw("returns a token after the last page", (client) => ({
    getItems: async (input, options) => {
      const page = await client.getItems(input, options);
      return page.items.length > 0 && page.nextPageToken === undefined
        ? { ...page, nextPageToken: new Uint8Array(0) }
        : page;
    },
  })),
  doorFlaw("seals tokens server by server", (door) => ({
    open: async (wish) => {
      const one = await door.open(wish);
      const other = await door.open(wish);
      return { ...one, clients: [one.clients[0], other.clients[1]] };
    },
  })),
  doorFlaw("knows no options of namespaces", (door) => ({
    open: (wish) =>
      door.open({ ...wish, namespaces: wish.namespaces.map(({ name }) => ({ name })) }),
  })),
  doorFlaw("gives the default time to live to all", (door) => ({
    open: (wish) =>
      door.open({
        ...wish,
        namespaces: wish.namespaces.map((one) => ({ defaultTtlMicros: 5e6, ...one })),
      }),
  })),
  configureFlaw("takes up no configuration", async () => []),
  configureFlaw("takes up the first configuration alone", (configure, count) =>
    count === 0 ? configure() : Promise.resolve([]),
  ),
  configureFlaw("tells the first flaw alone", async (configure) => (await configure()).slice(0, 1)),
  configureFlaw("tells no flaw", async (configure) => {
    await configure();
    return [];
  }),
  doorFlaw("has shadows that see nothing", (door) => ({
    open: async (wish) => ({ ...(await door.open(wish)), shadow: () => undefined }),
  })),
  clientFlaw("begins again in the namespace that the alias has by now", (client) => ({
    getItems: (input, options) =>
      client.getItems(input, options).catch((error: unknown) => {
        if (!(error instanceof KvError) || error.code !== "NAMESPACE_NOT_FOUND") throw error;
        return client.getItems({ ...input, pageToken: undefined }, options);
      }),
  })),
  doorFlaw("has a store for each server", () => ({
    open: async (wish) => {
      const [one, other] = [
        await engineDoor(memory(), wish.env),
        await engineDoor(memory(), wish.env),
      ];
      const [a, b] = [await one.open(wish), await other.open(wish)];
      return { ...a, clients: [a.clients[0], b.clients[1]] };
    },
  })),
];

function bent<I extends { readonly token?: PutItemsInput["token"] }>(input: I, now: number): I {
  const { token } = input;
  if (token === undefined) return input;
  return {
    ...input,
    token: {
      ...token,
      generationTime: Math.min(Math.max(token.generationTime, now - 500e6), now + 1e6),
    },
  };
}

function movedTtl(input: PutItemsInput, now: number): PutItemsInput {
  const age = now - (input.token?.generationTime ?? now);
  const items = input.items.map((item) =>
    item.ttlMicros === undefined ? item : { ...item, ttlMicros: item.ttlMicros + age },
  );
  return { ...input, items };
}

function withSelection(
  input: GetItemsInput,
  change: (
    selection: NonNullable<GetItemsInput["selection"]>,
  ) => NonNullable<GetItemsInput["selection"]>,
): GetItemsInput {
  return { ...input, selection: change(input.selection ?? {}) };
}

function righted<I extends { readonly predicate?: GetItemsInput["predicate"] }>(input: I): I {
  const { predicate } = input;
  if (predicate?.kind !== "match_range") return input;
  const { start, end } = predicate.range;
  if (
    start === undefined ||
    end === undefined ||
    String.fromCharCode(...start) <= String.fromCharCode(...end)
  ) {
    return input;
  }
  return { ...input, predicate: { kind: "match_range", range: { start: end, end: start } } };
}

function lagging(): (client: KvClient, number: number) => Partial<KvClient> {
  let last: KvClient["getItems"] | undefined;
  const kept = new Map<string, Awaited<ReturnType<KvClient["getItems"]>>>();
  return (client, number) => ({
    getItems: async (input, options) => {
      const page = await client.getItems(input, options);
      if (number === 0 || input.pageToken !== undefined) return page;
      const before = kept.get(input.namespace + input.id);
      kept.set(input.namespace + input.id, page);
      last ??= client.getItems;
      return before ?? page;
    },
  });
}

/** After one empty range, nothing can be written any more. */
function poisoned(): (client: KvClient) => Partial<KvClient> {
  const dead = new Set<string>();
  const look = ({ namespace, predicate }: GetItemsInput): void => {
    if (predicate?.kind !== "match_range") return;
    const { start, end } = predicate.range;
    if (start !== undefined && end !== undefined && String(start) >= String(end)) {
      dead.add(namespace);
    }
  };
  return (client) => ({
    getItems: (input, options) => {
      look(input);
      return client.getItems(input, options);
    },
    deleteItems: (input, options) => {
      look(input);
      return client.deleteItems(input, options);
    },
    putItems: async (input, options) => {
      if (dead.has(input.namespace)) throw new KvError("INTERNAL", "the store is damaged");
      return client.putItems(input, options);
    },
  });
}

/** The limit counts anew on each page. */
function itemLimitAPage(): (client: KvClient) => Partial<KvClient> {
  return (client) => ({
    getItems: async (input, options) => {
      const page = await client.getItems(
        withSelection(input, ({ itemLimit: _limit, ...rest }) => rest),
        options,
      );
      return { ...page, items: page.items.slice(0, input.selection?.itemLimit) };
    },
  });
}

function usedOnce(): (client: KvClient) => Partial<KvClient> {
  const used = new Set<string>();
  return (client) => ({
    getItems: async (input, options) => {
      const token = String(input.pageToken);
      if (input.pageToken !== undefined && used.has(token)) {
        throw new KvError("INVALID_ARGUMENT", "used before");
      }
      used.add(token);
      return client.getItems(input, options);
    },
  });
}
