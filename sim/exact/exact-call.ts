/** A call of which the answer is known to the last byte: nothing else is under way, and nobody else knows its record. */
import { type IdempotencyToken, KvError, type KvErrorCode, toHex } from "kvdal";
import type { Env, KvClient } from "kvdal/client";
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
  /** Whether a cache is in front whose answers are in time, and which keeps what it is given. */
  readonly isCached: boolean;
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

/** Where what came differs from what was wanted; both as text. */
export function difference(found: unknown, wanted: unknown): string | undefined {
  const [came, due] = [textOf(found), textOf(wanted)];
  return came === due ? undefined : `${came} came, wanted ${due}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Uint8Array ? toHex(each) : (each ?? null),
  );
}
