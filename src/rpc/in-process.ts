/** A transport without a wire: client and service in one process. */
import { KvError } from "../model/error.ts";
import type { KvRequest, KvResponseOf } from "../model/request.ts";
import type { Env } from "../ports/env.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import type { Transport, TransportCall } from "../ports/transport.ts";
import type { KvService } from "../service/service.ts";
import { DeadlineWatch } from "./deadline-watch.ts";

/**
 * Calls `service` directly. The budget is enforced here as on a real wire: when it runs out, or the caller gives
 * up, the call rejects at once and the service's signal is aborted, so that its backend work stops (SLO-3).
 */
export function inProcess(service: KvService, { clock, timers }: Env): Transport {
  const deadlines = new DeadlineWatch(clock, timers);
  return async <R extends KvRequest>(request: R, call: TransportCall): Promise<KvResponseOf<R>> => {
    const { budget, signal } = call;
    if (signal.aborted) throw new KvError("CANCELLED", "the caller gave up", { applied: "no" });
    const gone = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<KvResponseOf<R>>();
    const end = (error: KvError): void => {
      // First the answer, then the stop: the service's own reason, that it was stopped, must not come first.
      reject(error);
      gone.abort();
    };
    const deadline = clock.monotonic() + budget;
    const watched = deadlines.begin(deadline, () =>
      end(new KvError("DEADLINE_EXCEEDED", `no answer within ${budget} µs`)),
    );
    const onAbort = (): void => end(new KvError("CANCELLED", "the caller gave up"));
    // Most callers hand in no signal, and listening costs as much as the clock and the timer together.
    const mayAbort = signal !== neverAborted;
    if (mayAbort) signal.addEventListener("abort", onAbort, { once: true });
    try {
      service.handle(request, { deadline, signal: gone.signal }).then(resolve, reject);
      return await promise;
    } finally {
      deadlines.end(watched);
      if (mayAbort) signal.removeEventListener("abort", onAbort);
    }
  };
}
