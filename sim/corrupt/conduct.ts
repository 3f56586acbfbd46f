/** Corruptors of what is seen of servers, replicas, clients and caches beside their answers. */
import type { History } from "../check/history.ts";
import { changeOne, type Corruptor } from "./corruptor.ts";

/** Conduct that no answer shows. */
export const CONDUCT: readonly Corruptor[] = [
  {
    name: "replica-left-behind",
    what: "a replica lacks a row that the others show",
    corrupt: (history, random) => {
      const views = changeOne(history.views, random, (ofRecord) =>
        changeOne(ofRecord, random, (view) => (view.length === 0 ? undefined : view.slice(1))),
      );
      return views && { ...history, views };
    },
  },
  {
    name: "chunks-left",
    what: "chunks are left that no item refers to",
    corrupt: (history) => {
      const { stored, referred } = history.chunks;
      const [value] = stored;
      if (value === undefined) return undefined;
      const others = referred.filter(
        ({ id, key, writeTime }) =>
          id !== value.id || key !== value.key || writeTime !== value.writeTime,
      );
      return { ...history, chunks: { stored, referred: others } };
    },
  },
  {
    name: "work-after-the-deadline",
    what: "a server begins a call of its engine when the request is over",
    corrupt: ofCalls((call) => ({ ...call, begun: call.over })),
  },
  {
    name: "deadline-stretched",
    what: "an engine is given a microsecond more than the request has",
    corrupt: ofCalls((call) => ({ ...call, deadline: call.over + 1 })),
  },
  {
    name: "late-page",
    what: "a page is answered a millisecond after its time",
    corrupt: (history, random) => {
      const answers = changeOne(history.answers, random, (one) => ({
        ...one,
        sent: one.over + 1_000,
      }));
      return answers && { ...history, answers };
    },
  },
  {
    name: "retry-without-a-wait",
    what: "a client tries again at once",
    corrupt: ofExtras((extra) => (extra.kind === "retry" ? { ...extra, waited: 0 } : undefined)),
  },
  {
    name: "hedge-too-early",
    what: "a client hedges before the target latency",
    corrupt: ofExtras((extra) =>
      extra.kind === "hedge" ? { ...extra, waited: extra.target - 1_000 } : undefined,
    ),
  },
  {
    name: "attempts-differ",
    what: "two attempts of a mutation carry different tokens",
    corrupt: ofClients(({ otherIntents, ...client }) => ({
      ...client,
      otherIntents: [...otherIntents, 1],
    })),
  },
  {
    name: "call-outlives-its-time",
    what: "a call goes on for a millisecond after its time",
    corrupt: ofClients((client) => ({
      ...client,
      longestOverrun: { operation: 1, beyond: 1_000 },
    })),
  },
  {
    name: "given-up-at-once",
    what: "a call that failed is not tried again, though there is time",
    corrupt: ofClients((client) => {
      const given = { operation: 1, attempts: 1, timeLeft: 100_000, retries: 0 };
      return { ...client, givenUp: [...client.givenUp, given] };
    }),
  },
  {
    name: "token-past-the-window-taken",
    what: "a server takes a token that is a microsecond too old for it",
    corrupt: (history, random) => {
      const { maxAge } = history.tokenWindow;
      const admissions = changeOne(history.admissions, random, (one) =>
        one.verdict === "taken" ? { ...one, time: one.wall - maxAge - 1 } : undefined,
      );
      return admissions && { ...history, admissions };
    },
  },
  {
    name: "idle-server-refuses",
    what: "a server refuses a request while it does nothing",
    corrupt: (history) => ({
      ...history,
      refusals: [...history.refusals, { inProgress: 0, requestsMax: 1 }],
    }),
  },
  {
    name: "failure-out-of-nothing",
    what: "a server fails a request where nothing fails",
    corrupt: (history) => {
      if (!history.isCalm) return undefined;
      const failure = { kind: "get_items", code: "UNAVAILABLE", budget: 30_000, reads: 1 } as const;
      return { ...history, failures: [...history.failures, failure] };
    },
  },
  {
    name: "cache-entry-outlives-its-item",
    what: "an entry of the cache outlives its item",
    corrupt: (history, random) => {
      const { cache } = history;
      const fills = cache && changeOne(cache.fills, random, (fill) => ({ ...fill, beyondItem: 1 }));
      return fills && { ...history, cache: { ...cache, fills } };
    },
  },
  {
    name: "internal-error",
    what: "a client meets a fault of this software",
    corrupt: (history) => ({
      ...history,
      fault: { operation: 1, kind: "read", code: "INTERNAL", message: "INTERNAL: drawn" },
    }),
  },
  {
    name: "timer-left",
    what: "a timer is left when everything has ended",
    corrupt: (history) => ({ ...history, left: [...history.left, "a timer"] }),
  },
];

function ofCalls(
  change: (call: History["calls"][number]) => History["calls"][number],
): Corruptor["corrupt"] {
  return (history, random) => {
    const calls = changeOne(history.calls, random, change);
    return calls && { ...history, calls };
  };
}

type Client = History["traffic"]["clients"][number];

function ofClients(change: (client: Client) => Client | undefined): Corruptor["corrupt"] {
  return (history, random) => {
    const { traffic } = history;
    const clients = changeOne(traffic.clients, random, change);
    return clients && { ...history, traffic: { ...traffic, clients } };
  };
}

function ofExtras(
  change: (extra: Client["extras"][number]) => Client["extras"][number] | undefined,
): Corruptor["corrupt"] {
  return (history, random) =>
    ofClients((client) => {
      const extras = changeOne(client.extras, random, change);
      return extras && { ...client, extras };
    })(history, random);
}
