/** PutItems: upsert of items of one record under one token (PUT-1 to PUT-5), large values in chunks (CHUNK-1). */
import { NO_CODECS } from "../codec/codec-parts.ts";
import { encodeMetadata } from "../codec/item-metadata.ts";
import { describeChunks } from "../codec/split-value.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import { STAGING_BYTES } from "../model/chunk.ts";
import { asKvError, withoutEffect } from "../model/error.ts";
import type { MutationResponse, PutItem, PutItemsRequest } from "../model/request.ts";
import { checkId } from "../model/limits.ts";
import type { Micros } from "../model/time.ts";
import { putVersion } from "../model/version.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { isChunked } from "../policy/plan-chunks.ts";
import type { Random } from "../ports/random.ts";
import type { EngineCall, Mutation } from "../ports/storage-engine.ts";
import { checkedExpiry, checkItems, expiryAsked } from "./check-put.ts";
import { writeValue } from "./chunk-store.ts";
import { checkToken, writeMutations } from "./mutation.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/**
 * Carries a put out. Everything is checked before the engine is called, so that a refusal wrote nothing
 * (DATA-4). Expiries are absolute or follow from the token's time: a retry, at any server, writes the same (TTL-2).
 * The row that is written last makes chunks the item's value: until then readers see the old one (CHUNK-2).
 */
export async function putItems(
  request: PutItemsRequest,
  namespace: Namespace,
  parts: ServiceParts,
  asked: ServiceCall,
): Promise<MutationResponse> {
  const { clock } = parts.env;
  const now = clock.wall();
  // However patient the caller: a put that went on for longer might commit chunks that are collected by then.
  const deadline = Math.min(asked.deadline, clock.monotonic() + namespace.chunks.putTimeMax);
  const call = { ...asked, deadline };
  checkToken(request.token, namespace, now);
  checkId(request.id);
  checkItems(request, namespace, parts.codec ?? NO_CODECS);
  const { token } = request;
  const expiries = request.items.map((item) =>
    checkedExpiry(expiryAsked(item, token, namespace), token, namespace, now),
  );
  const stored = await stageLarge(request, namespace, call, now, parts.env.random);
  const mutations = stored.map((item, i) => toMutation(item, request, expiries[i] as Micros));
  const engine = engineCall(call, namespace.consistency, now);
  if (request.ifAbsent === true) return await insert(request.id, mutations, namespace, engine);
  return await writeMutations(request.id, mutations, namespace, engine);
}

/** Stores the one row where none is (PUT-5); chunks that were staged in vain are collected (CHUNK-4). */
async function insert(
  id: string,
  [mutation]: readonly RowPut[],
  { engine, table }: Namespace,
  call: EngineCall,
): Promise<MutationResponse> {
  const { row } = mutation as RowPut;
  const { kind } = await engine.putIfAbsent({ table, id }, row, call);
  return { outcomes: [kind === "inserted" ? "applied" : "present"] };
}

/** The items as they are stored: values too large to be inline are in chunks by then, and the items say so. */
async function stageLarge(
  request: PutItemsRequest,
  namespace: Namespace,
  call: ServiceCall,
  now: Micros,
  random: Random,
): Promise<readonly PutItem[]> {
  const { chunkAboveBytes } = namespace.limits;
  if (!request.items.some(({ value }) => isChunked(value.length, chunkAboveBytes))) {
    return request.items;
  }
  // What cannot be written down in the end is refused before any chunk is.
  for (const item of request.items) encodeMetadata(item);
  const stored: PutItem[] = [];
  for (const item of request.items) {
    const large = isChunked(item.value.length, chunkAboveBytes);
    stored.push(large ? await stage(item, request, namespace, call, now, random) : item);
  }
  return stored;
}

async function stage(
  item: PutItem,
  { id, token }: PutItemsRequest,
  { chunks }: Namespace,
  call: ServiceCall,
  now: Micros,
  random: Random,
): Promise<PutItem> {
  const { key, value } = item;
  const staging = random.bytes(STAGING_BYTES);
  const chunk = describeChunks(value, chunks.chunkBytes, { token, staging });
  const engine = engineCall(call, chunks.consistency, now);
  try {
    const place = { ...chunk, id, key };
    await writeValue(chunks, place, value, chunk.count, engine);
  } catch (error) {
    // Whatever became of the chunks, no reader looks at them before the put that did not begin.
    throw withoutEffect(asKvError(error));
  }
  return { ...item, value: EMPTY_BYTES, chunk };
}

type RowPut = Extract<Mutation, { kind: "put" }>;

/** The item as the engine is to store it. */
export function toMutation(
  item: PutItem,
  { token }: Pick<PutItemsRequest, "token">,
  expiry: Micros,
): RowPut {
  return {
    kind: "put",
    row: {
      key: item.key,
      value: item.value,
      metadata: encodeMetadata(item),
      version: putVersion(token, expiry),
    },
  };
}
