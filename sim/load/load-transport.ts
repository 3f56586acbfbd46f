/** The way of requests in worlds of load: to one of the servers, another for each attempt. */
import { KvError } from "kvdal";
import { type KvRequest, neverAborted, type Transport, type TransportCall } from "kvdal/client";
import type { KvService } from "kvdal/service";
import { hash32 } from "../world/keyed-random.ts";
import type { Network } from "../world/network.ts";
import type { SimNode } from "../world/node.ts";

/** A server and where it is. */
export type LoadServer = { readonly node: SimNode; readonly service: KvService };

/** What a client's requests go through. */
export type LoadWay = {
  readonly network: Network;
  readonly servers: readonly LoadServer[];
  /** Told of each request. */
  readonly onSend: () => void;
};

/** A client's transport. Servers are not told when it gives up: what they have begun goes on. */
export function transportOf(node: SimNode, { network, servers, onSend }: LoadWay): Transport {
  let requests = 0;
  const first = new WeakMap<KvRequest, number>();
  const send = (request: KvRequest, { budget, signal, turn }: TransportCall): Promise<unknown> =>
    new Promise((resolve, reject) => {
      onSend();
      requests += 1;
      const key = hash32(node.index, requests);
      if (!first.has(request)) first.set(request, key);
      const { node: there, service } = servers[
        ((first.get(request) ?? 0) + turn) % servers.length
      ] as LoadServer;
      const end = (): void => {
        cancelTimer();
        if (signal !== neverAborted) signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        end();
        reject(new KvError("CANCELLED", "the caller gave up"));
      };
      const cancelTimer = node.timer(budget, () => {
        end();
        reject(new KvError("DEADLINE_EXCEEDED", "no answer in time"));
      });
      if (signal !== neverAborted) signal.addEventListener("abort", onAbort);
      const answer = (settle: () => void): void =>
        network.send(there, node, hash32(key, 9), () => {
          end();
          settle();
        });
      network.send(node, there, key, () => {
        const deadline = there.monotonic() + budget;
        service.handle(request, { deadline, signal: neverAborted }).then(
          (reply) => answer(() => resolve(reply)),
          (error: unknown) => answer(() => reject(error)),
        );
      });
    });
  return send as Transport;
}
