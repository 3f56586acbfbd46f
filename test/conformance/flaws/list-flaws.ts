/** What can be wrong with lists of mutations, and with the log behind them. */
import type { LogOptions } from "kvdal";
import type { ServerLogs } from "kvdal/conformance";
import type { MutateItemsInput, MutationInput } from "../../../src/client/inputs.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { monotonicTokens } from "../../../src/client/token-source.ts";
import {
  clientFlaw,
  connectFlaw,
  deploymentFlaw,
  doorFlaw,
  type Flaw,
  overlayFlaw,
} from "./flaw.ts";

/** Servers whose logs do something else. */
const logsFlaw = (id: string, change: (logs: ServerLogs) => Partial<ServerLogs>): Flaw =>
  deploymentFlaw(id, ({ logs }) => ({ logs: { ...logs, ...change(logs) } }));

/** Logs with other bounds than they were given. */
const boundsFlaw = (id: string, options: LogOptions): Flaw =>
  doorFlaw(id, ({ open }) => ({
    open: (wish) => open({ ...wish, log: { ...wish.log, ...options } }),
  }));

/** Clients that hand in other mutations. */
const handingFlaw = (
  id: string,
  change: (mutations: readonly MutationInput[]) => readonly MutationInput[],
): Flaw =>
  clientFlaw(id, (client) => ({
    mutateItems: (input, options) =>
      client.mutateItems({ ...input, mutations: change(input.mutations) }, options),
  }));

const isDeletion = (mutation: MutationInput): boolean => "delete" in mutation;
const NOTHING = { applied: 0, deadLetters: 0, pending: 0 };

export const listFlaws: readonly Flaw[] = [
  handingFlaw("hands in deletions last", (mutations) => [
    ...mutations.filter((one) => !isDeletion(one)),
    ...mutations.filter(isDeletion),
  ]),
  handingFlaw("hands in the first record's mutations alone", (mutations) =>
    mutations.filter(({ id }) => id === mutations[0]?.id),
  ),
  handingFlaw("hands in from the last to the first", (mutations) => mutations.toReversed()),
  clientFlaw("carries lists out by itself", (client) => ({
    mutateItems: async (input) => {
      const { mutations } = input;
      for (const mutation of mutations) await carryOut(client, mutation);
      return client.mutateItems(input);
    },
  })),
  clientFlaw("forgets the token of a list", (client) => ({
    mutateItems: ({ mutations }, options) => client.mutateItems({ mutations }, options),
  })),
  clientFlaw("hands in what it can of a list that is refused", (client) => ({
    mutateItems: (input, options) =>
      client.mutateItems(input, options).catch(async (error: unknown) => {
        await handInEach(client, input);
        throw error;
      }),
  })),
  clientFlaw("takes every list for applied", (client) => ({
    mutationStatus: async (requestId, options) => {
      const { mutations } = await client.mutationStatus(requestId, options);
      return { state: "done", mutations: mutations.map(() => ({ kind: "applied" })) };
    },
  })),
  connectFlaw("takes one tick for a list", (wish, env) => {
    const source = monotonicTokens(wish.env ?? env);
    return { tokens: { ...source, next: () => source.next() }, ...wish };
  }),
  logsFlaw("applies nothing", () => ({
    apply: async () => [NOTHING],
    applyAtOnce: async () => [NOTHING],
  })),
  logsFlaw("applies nothing when there are several", () => ({ applyAtOnce: async () => [] })),
  logsFlaw("forgets a letter instead of retrying it", ({ deadLetters }) => ({
    deadLetters: { ...deadLetters, retry: deadLetters.discard },
  })),
  logsFlaw("keeps what was discarded", ({ deadLetters }) => ({
    deadLetters: { ...deadLetters, discard: async () => undefined },
  })),
  logsFlaw("lists the letters from the first on", ({ deadLetters }) => ({
    deadLetters: { ...deadLetters, list: () => deadLetters.list() },
  })),
  boundsFlaw("never gives a mutation up", { attemptsMax: 1_000_000 }),
  boundsFlaw("accepts any number of lists", { pendingMax: 1_000_000, lagMicrosMax: 3_600_000_000 }),
  overlayFlaw("applies however late", (namespace) => {
    const { applyMicrosMax, ...rest } = namespace;
    return applyMicrosMax === undefined ? namespace : rest;
  }),
];

async function carryOut(client: KvClient, mutation: MutationInput): Promise<void> {
  const { namespace, id } = mutation;
  if ("delete" in mutation) {
    await client.deleteItems({ namespace, id, predicate: mutation.delete });
    return;
  }
  await client.putItems({ namespace, id, items: mutation.put });
}

async function handInEach(client: KvClient, { mutations }: MutateItemsInput): Promise<void> {
  for (const mutation of mutations.slice(0, 2)) {
    await client.mutateItems({ mutations: [mutation] }).catch(() => undefined);
  }
}
