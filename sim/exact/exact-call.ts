/** A call of which the answer is known to the last byte: nothing else is under way, and nobody else knows its record. */
import {
  type IdempotencyToken,
  type Item,
  type ItemInput,
  KvError,
  type KvErrorCode,
  matchAll,
  type Predicate,
  type Selection,
} from "kvdal";
import type { Env, KvClient } from "kvdal/client";
import type { MacKeyring } from "kvdal/service";
import type { ExactRule } from "../check/exact.ts";

/** What calls are made with. */
export type Asked = {
  readonly namespace: string;
  /** The record of these calls. */
  readonly id: string;
  /** A longer value is chunked. */
  readonly chunkAboveBytes: number;
  readonly chunkBytes: number;
  readonly env: Env;
  /** Seals page tokens. */
  readonly mac: MacKeyring;
  /** Whether a cache is in front whose answers are in time, and which keeps what it is given. */
  readonly isCached: boolean;
  /** Whether it is also asked what takes long. */
  readonly isThorough: boolean;
  /** Whether the last call was answered without the primary. */
  readonly wasCached: () => boolean;
  /** One that the server asked admits; each is greater than the one before. */
  readonly token: () => IdempotencyToken;
  /** Makes one call. */
  readonly call: <T>(ask: (client: KvClient) => Promise<T>) => Promise<T>;
};

/** One such call, or a few that belong together. */
export type ExactCall = {
  readonly rule: ExactRule;
  readonly says: string;
  /** What is wrong with the answer, in words; undefined where nothing is. */
  readonly ask: (asked: Asked) => Promise<string | undefined>;
};

/** Puts these items into the record of these calls. */
export async function put(
  asked: Asked,
  items: readonly ItemInput[],
  token?: IdempotencyToken,
): Promise<void> {
  const { namespace, id } = asked;
  // Where none is given it is drawn for the call, and by it.
  await asked.call((client) =>
    client.putItems({ namespace, id, items, token: token ?? asked.token() }),
  );
}

/** All pages of a read of that record. */
export async function read(
  asked: Asked,
  predicate: Predicate = matchAll,
  selection: Selection = {},
): Promise<readonly Item[]> {
  const { namespace, id } = asked;
  const items: Item[] = [];
  let pageToken: Uint8Array | undefined;
  do {
    const input = { namespace, id, predicate, selection, pageToken };
    const page = await asked.call((client) => client.getItems(input));
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return items;
}

/** Whether the call is refused, with this code and nothing done. */
export async function refusal(
  asked: Asked,
  code: KvErrorCode,
  ask: (client: KvClient) => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await asked.call(ask);
    return `it was answered, wanted ${code}`;
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    if (error.code === code && error.applied === "no") return undefined;
    return `${error.message}, applied: ${error.applied}; wanted ${code}, not applied`;
  }
}
