/** What can be wrong with retries, hedges, and with what client and server tell each other. */
import { KvError } from "../../../src/model/error.ts";
import type { KvRequest } from "../../../src/model/request.ts";
import type { CallOptions } from "../../../src/client/call.ts";
import type { ClientWish } from "kvdal/conformance";
import type { TransportCall } from "../../../src/ports/transport.ts";
import { aroundFlaw, clientFlaw, connectFlaw, type Flaw, overlayFlaw } from "./flaw.ts";

/** Clients with other limits than they were given. */
const limitsFlaw = (id: string, limits: NonNullable<ClientWish["limits"]>): Flaw =>
  connectFlaw(id, (wish) => ({ ...wish, limits: { ...wish.limits, ...limits } }));

/** Clients that send something else than they should. */
const sendingFlaw = (
  id: string,
  change: (request: KvRequest, call: TransportCall) => KvRequest,
): Flaw =>
  connectFlaw(id, ({ around = (same) => same, ...wish }) => ({
    ...wish,
    around: (transport) => {
      const outer = around(transport);
      return (request, call) => outer(change(request, call) as typeof request, call);
    },
  }));

export const attemptFlaws: readonly Flaw[] = [
  limitsFlaw("has no budget for retries", { retryBurst: 1_000 }),
  limitsFlaw("retries nothing", { retryBurst: 0, retryShare: 0 }),
  limitsFlaw("retries without waiting", { backoffBase: 0 }),
  limitsFlaw("hedges everything", { hedgeShare: 1 }),
  limitsFlaw("hedges nothing", { hedgeShare: 0 }),
  limitsFlaw("never asks again", { refreshMicros: 1e15 }),
  sendingFlaw("moves the expiry with each attempt", (request, { turn }) =>
    request.kind !== "put_items"
      ? request
      : {
          ...request,
          items: request.items.map((item) =>
            item.expiresAt === undefined ? item : { ...item, expiresAt: item.expiresAt + turn },
          ),
        },
  ),
  sendingFlaw("takes a new token for each attempt", (request, { turn }) =>
    "token" in request
      ? {
          ...request,
          token: { ...request.token, generationTime: request.token.generationTime + turn },
        }
      : request,
  ),
  sendingFlaw("claims that it can do everything", (request) => ({
    ...request,
    capabilities: { ...request.capabilities, chunking: true, codecs: ["zstd"] },
  })),
  connectFlaw("takes refusals for losses", ({ around = (same) => same, ...wish }) => ({
    ...wish,
    around: (transport) => {
      const outer = around(transport);
      return async (request, call) => {
        try {
          return await outer(request, call);
        } catch (error) {
          const isRefusal = error instanceof KvError && error.code === "OVERLOADED";
          throw isRefusal ? new KvError("UNAVAILABLE", "refused") : error;
        }
      };
    },
  })),
  connectFlaw("repeats what no repetition mends", ({ around = (same) => same, ...wish }) => ({
    ...wish,
    around: (transport) => {
      const outer = around(transport);
      return (request, call) => outer(request, call).catch(() => outer(request, call));
    },
  })),
  connectFlaw(
    "forgets the attempt beside a refused one",
    ({ around = (same) => same, ...wish }) => ({
      ...wish,
      around: (transport) => {
        const outer = around(transport);
        return async (request, call) => {
          try {
            return await outer(request, call);
          } catch (error) {
            if (!(error instanceof KvError) || error.code === "CANCELLED") throw error;
            throw new KvError(error.code, "certainly not", { applied: "no" });
          }
        };
      },
    }),
  ),
  aroundFlaw("tells no service levels", (transport) => async (request, call) => {
    const reply = await transport(request, call);
    return { ...reply, server: { ...reply.server, slo: undefined } };
  }),
  aroundFlaw("tells of targets that are none", (transport) => async (request, call) => {
    const reply = await transport(request, call);
    const { slo } = reply.server;
    if (slo === undefined) return reply;
    const read = { ...slo.read, target: 1_000 };
    return { ...reply, server: { ...reply.server, slo: { read, write: read } } };
  }),
  aroundFlaw("tells of no load", (transport) => async (request, call) => {
    const reply = await transport(request, call);
    const { utilization } = reply.server;
    const latency = { overTarget: 0, overMax: 0 };
    return { ...reply, server: { ...reply.server, utilization: { ...utilization, latency } } };
  }),
  overlayFlaw("has service levels that nobody asked for", (namespace) => ({
    slo: { read: { target: 1_000 }, write: { target: 1_000 } },
    ...namespace,
  })),
  clientFlaw("takes every call for critical", (client) => {
    const critical = (options?: CallOptions): CallOptions => ({ ...options, priority: "critical" });
    return {
      getItems: (input, options) => client.getItems(input, critical(options)),
      deleteItems: (input, options) => client.deleteItems(input, critical(options)),
    };
  }),
];
