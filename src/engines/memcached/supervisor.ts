/** Keeps one usable connection, and every call to its deadline. */
import { KvError } from "../../model/error.ts";
import type { CacheCall } from "../../ports/cache-engine.ts";
import type { EngineContext } from "../../ports/storage-engine.ts";
import { checkCacheCall } from "../shared/cache-guard.ts";
import { Connection, type Request } from "./connection.ts";
import type { MemjsFactory } from "./memjs.ts";

/** Sends requests and answers for them: with an answer, or with a typed error by the deadline. */
export type Supervisor = {
  readonly request: (label: string, request: Request, call: CacheCall) => Promise<unknown>;
  readonly close: () => void;
};

/**
 * A supervisor without a connection yet. After any anomaly the client is thrown away and the next request opens a
 * new one; so it is after `requestsMax` requests. No request is ever sent twice.
 */
export function supervise(
  factory: MemjsFactory,
  requestsMax: number,
  { env, native }: EngineContext,
): Supervisor {
  let closed = false;
  let current: Connection | undefined;
  const connections = new Set<Connection>();
  const usable = (): Connection => {
    if (current !== undefined && current.requests >= requestsMax) current.retire();
    for (const connection of connections) if (connection.ended) connections.delete(connection);
    if (current === undefined || !current.usable) {
      current = new Connection(factory);
      connections.add(current);
    }
    return current;
  };
  const check = (call: CacheCall): void => {
    if (closed) throw new KvError("UNAVAILABLE", "the cache is closed, wanted an open one");
    checkCacheCall(call, env.clock);
  };
  return {
    request: (label, request, call) =>
      new Promise((resolve, reject) => {
        check(call);
        let abandon: ((error: KvError) => void) | undefined;
        const cancel = env.timers.after(call.deadline - env.clock.monotonic(), () => {
          const applied = request.mutates && abandon !== undefined ? "unknown" : "no";
          const message = "memcached has not answered in time";
          const error = new KvError("DEADLINE_EXCEEDED", message, { applied });
          abandon?.(error);
          reject(error);
        });
        const answer = native(label, async () => {
          // The call may have waited for its turn: nothing is sent after its time.
          check(call);
          return await usable().run(request, (give) => {
            abandon = give;
          });
        });
        // The timer's error came first where there was one.
        answer.then(
          (value) => {
            cancel();
            resolve(value);
          },
          (error: unknown) => {
            cancel();
            reject(error);
          },
        );
      }),
    close: () => {
      closed = true;
      for (const connection of connections) connection.end();
      connections.clear();
    },
  };
}
