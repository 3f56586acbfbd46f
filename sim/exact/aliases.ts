/** Calls by an alias that is turned to another version of a dataset, and after the one that it left is gone (NS-4). */
import { KvError, matchKeys, utf8 } from "kvdal";
import { createClient, type KvClient, neverAborted } from "kvdal/client";
import {
  createService,
  logTable,
  type MutationLog,
  mutationLog,
  type Namespace,
  namespaceRegistry,
  namespaceSnapshot,
  resolveLog,
  resolveNamespace,
  tablesOf,
} from "kvdal/service";
import { differences, tableDifference } from "./difference.ts";
import type { Asked, ExactCall } from "./exact-call.ts";
import { House } from "./house.ts";

const ID = "titles";
const ALIAS = "titles_now";
const [OLD, NEW] = ["titles_1", "titles_2"] as const;
const KEYS = ["a", "b"].map((text) => utf8(text));

/** A server of these versions, of which the first one has the alias, and what has it serve others. */
type Served = {
  readonly client: KvClient;
  readonly log: MutationLog;
  /** These names, of which the first one has the alias. */
  readonly serve: (...names: readonly string[]) => void;
};

/** Both versions, each with the same keys and the name of its own as values. */
async function withVersions(asked: Asked): Promise<Served> {
  const house = await House.open(asked);
  const { env, store } = house;
  const versions = new Map<string, Namespace>();
  for (const name of [OLD, NEW]) {
    const namespace = resolveNamespace({ name }, { primary: store });
    versions.set(name, namespace);
    for (const table of tablesOf(namespace)) await store.provision(table, house.call());
  }
  const snapshotOf = (names: readonly string[]) => {
    const served = names.map((name, i) => ({
      namespace: versions.get(name)!,
      aliases: i === 0 ? [ALIAS] : [],
    }));
    return namespaceSnapshot(names.join(), served);
  };
  const registry = namespaceRegistry(snapshotOf([OLD, NEW]));
  const kept = resolveLog({}, store);
  await store.provision(logTable(kept), house.call());
  const log = mutationLog({ env, log: kept, namespaces: registry });
  const service = createService({ env, mac: asked.mac, namespaces: registry, log });
  const client = createClient({
    env,
    transport: (request, { budget }) => {
      const deadline = env.clock.monotonic() + budget;
      return service.handle(request, { deadline, signal: neverAborted });
    },
  });
  for (const namespace of [OLD, NEW]) {
    const items = KEYS.map((key) => ({ key, value: utf8(namespace) }));
    await client.putItems({ namespace, id: ID, items, token: asked.token() });
  }
  return { client, log, serve: (...names) => registry.replace(snapshotOf(names)) };
}

/** What a page of one item shows: the version that it is of; or the code of the error. */
type Shown = { readonly text: string; readonly next?: Uint8Array | undefined };

type Look = (client: KvClient, namespace: string, pageToken?: Uint8Array) => Promise<Shown>;

const selection = { pageSizeBytes: 1 };
const shownBy =
  (
    ask: (
      client: KvClient,
      input: { readonly namespace: string; readonly pageToken: Uint8Array | undefined },
    ) => Promise<{
      readonly items: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[];
      readonly nextPageToken?: Uint8Array | undefined;
    }>,
  ): Look =>
  async (client, namespace, pageToken) => {
    try {
      const { items, nextPageToken } = await ask(client, { namespace, pageToken });
      const text = new TextDecoder();
      const words = items.map(({ key, value }) => `${text.decode(key)} of ${text.decode(value)}`);
      return { text: words.join(), next: nextPageToken };
    } catch (error) {
      if (error instanceof KvError) return { text: error.code };
      throw error;
    }
  };

const LOOKS: readonly (readonly [string, Look])[] = [
  ["a read", shownBy((client, input) => client.getItems({ ...input, id: ID, selection }))],
  ["a scan", shownBy((client, input) => client.scanItems({ ...input, selection }))],
];

/** What is shown, step by step. */
const STEPS = [
  "its first page",
  "its second page once the alias is turned",
  "another first page",
  "the second page where the new version is named",
  "the second page once the old version is gone",
  "a first page by the old version's name",
  "the second page once the old version is back",
];

const TURNED: ExactCall = {
  rule: "NS-4",
  says: "traversals by an alias that is turned, and whose first version goes and comes back",
  ask: async (asked) => {
    const { client, serve } = await withVersions(asked);
    const found: string[][] = [];
    for (const [, look] of LOOKS) {
      serve(OLD, NEW);
      const { text, next } = await look(client, ALIAS);
      const shown = [text];
      const goOn = async (namespace: string, token = next): Promise<void> => {
        shown.push((await look(client, namespace, token)).text);
      };
      serve(NEW, OLD);
      await goOn(ALIAS);
      shown.push((await look(client, ALIAS)).text);
      await goOn(NEW);
      serve(NEW);
      await goOn(ALIAS);
      shown.push((await look(client, OLD)).text);
      serve(NEW, OLD);
      await goOn(ALIAS);
      found.push(shown);
    }
    const wanted = [
      `a of ${OLD}`,
      `b of ${OLD}`,
      `a of ${NEW}`,
      "INVALID_ARGUMENT",
      "NAMESPACE_NOT_FOUND",
      "NAMESPACE_NOT_FOUND",
      `b of ${OLD}`,
    ];
    const rows = LOOKS.map(([by]) => by);
    return tableDifference({ rows, columns: STEPS }, found, [wanted, wanted]);
  },
};

/** What it names is decided when it is handed in. */
const HANDED_IN: ExactCall = {
  rule: "NS-4",
  says: "a list that is handed in by an alias, which is turned before it is applied",
  ask: async (asked) => {
    const { client, log, serve } = await withVersions(asked);
    const key = utf8("listed");
    const mutations = [{ namespace: ALIAS, id: ID, put: [{ key, value: key }] }];
    await client.mutateItems({ mutations, token: asked.token() });
    serve(NEW, OLD);
    await log.apply(neverAborted);
    const counts: number[] = [];
    for (const namespace of [OLD, NEW]) {
      const page = await client.getItems({ namespace, id: ID, predicate: matchKeys(key) });
      counts.push(page.items.length);
    }
    return differences([
      ["items in the version that it named", counts[0], 1],
      ["items in the other", counts[1], 0],
    ]);
  },
};

/** In this order. */
export const ALIASES: readonly ExactCall[] = [TURNED, HANDED_IN];
