/** What may happen to requests between a client and its server, as cases put it there. */
import { KvError } from "kvdal";
import type { KvRequest } from "kvdal/client";
import type { Around } from "./door.ts";

/** Requests that were seen, in order, and the most that were out at once. */
export type Watched = {
  readonly around: Around;
  readonly requests: readonly KvRequest[];
  readonly mostAtOnce: () => number;
};

/** Watches and changes nothing. */
export function watched(): Watched {
  const requests: KvRequest[] = [];
  let [out, most] = [0, 0];
  return {
    requests,
    mostAtOnce: () => most,
    around: (transport) => async (request, call) => {
      requests.push(request);
      out += 1;
      most = Math.max(most, out);
      try {
        return await transport(request, call);
      } finally {
        out -= 1;
      }
    },
  };
}

/** Sends what `change` makes of each request, of the same kind. */
export function changing(change: (request: KvRequest) => KvRequest): Around {
  return (transport) => (request, call) => transport(change(request) as typeof request, call);
}

/** Fails each request that `isLost` says yes to; it never arrives. */
export function losing(isLost: (request: KvRequest) => boolean, code: KvError["code"]): Around {
  return (transport) => async (request, call) => {
    if (isLost(request)) throw new KvError(code, "lost on the way, as the case has it");
    return transport(request, call);
  };
}
