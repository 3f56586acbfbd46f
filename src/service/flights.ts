/** Single flight: reads of the primary that ask the same under the same stamps are one (CACHE-5). */
import { copyBytes } from "../model/bytes.ts";
import type { Row, RowsPage } from "../ports/storage-engine.ts";
import type { Env } from "../ports/env.ts";
import { checkCall, type ServiceCall } from "./service-parts.ts";

/** What a flight brought, and whether this caller was the one who read. */
export type Landed = { readonly page: RowsPage; readonly led: boolean };

/**
 * The reads under way of one namespace at one server. A reader that finds the stamps that a flight began under still in
 * force may join it: no write was acknowledged in between (CACHE-2).
 */
export class Flights {
  readonly #out = new Map<string, Promise<RowsPage>>();
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  /** Reads, or shares the read of that name. What failed another reader, one of those who shared it tries again. */
  async read(name: string, call: ServiceCall, work: () => Promise<RowsPage>): Promise<Landed> {
    const other = this.#out.get(name);
    if (other !== undefined) {
      const shared = await this.#within(call, other);
      if (shared !== undefined) {
        this.#env.telemetry.count("cache_reads_shared");
        return { page: { ...shared, rows: shared.rows.map(ownRow) }, led: false };
      }
      return await this.read(name, call, work);
    }
    const own = work();
    this.#out.set(name, own);
    try {
      return { page: await own, led: true };
    } finally {
      this.#out.delete(name);
    }
  }

  /** Another's page; undefined when it failed. Throws when this caller's own time is over before. */
  async #within(call: ServiceCall, other: Promise<RowsPage>): Promise<RowsPage | undefined> {
    const { clock, timers } = this.#env;
    const over = Promise.withResolvers<undefined>();
    const cancelTimer = timers.after(call.deadline - clock.monotonic(), () =>
      over.resolve(undefined),
    );
    const onAbort = (): void => over.resolve(undefined);
    call.signal.addEventListener("abort", onAbort);
    try {
      const page = await Promise.race([other.catch(() => undefined), over.promise]);
      if (page === undefined) checkCall(call, clock.monotonic());
      return page;
    } finally {
      cancelTimer();
      call.signal.removeEventListener("abort", onAbort);
    }
  }
}

/** The row for one more caller, each of whom may write to the bytes that it is given. */
function ownRow(row: Row): Row {
  const { key, value, metadata, version } = row;
  const nonce = copyBytes(version.nonce);
  return {
    key: copyBytes(key),
    value: copyBytes(value),
    metadata: copyBytes(metadata),
    version: { ...version, nonce },
  };
}
