/** GetChunks: some chunks of a stored value, for clients that put it together themselves (CHUNK-5, CHUNK-6). */
import { KvError } from "../model/error.ts";
import { checkId, checkKey } from "../model/limits.ts";
import type { GetChunksRequest, GetChunksResponse } from "../model/request.ts";
import { tokenFlaw } from "../model/token.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { readChunks } from "./chunk-store.ts";
import { checkStaging } from "./stage-chunks.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/**
 * Answers the chunks asked for, all of them or DATA_LOSS: then the item may have been overwritten long since, which
 * a look at it will tell.
 */
export async function getChunks(
  request: GetChunksRequest,
  namespace: Namespace,
  parts: ServiceParts,
  call: ServiceCall,
): Promise<GetChunksResponse> {
  checkId(request.id);
  checkKey(request.key);
  checkSpan(request, namespace);
  const { chunks } = namespace;
  const place = { ...request.chunk, id: request.id, key: request.key };
  const engine = engineCall(call, chunks.consistency, parts.env.clock.wall());
  return { chunks: await readChunks(chunks, place, request, engine) };
}

function checkSpan(request: GetChunksRequest, namespace: Namespace): void {
  const { first, count, chunk } = request;
  const flaw = tokenFlaw(chunk.token);
  if (flaw !== undefined) throw new KvError("INVALID_ARGUMENT", `chunk token: ${flaw}`);
  checkStaging(chunk.staging);
  if (!Number.isSafeInteger(chunk.chunkBytes) || chunk.chunkBytes < 1) {
    const found = `chunks of ${chunk.chunkBytes} bytes asked for`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted a whole number from 1 on`);
  }
  const whole = Number.isSafeInteger(first) && Number.isSafeInteger(count);
  if (!whole || first < 0 || count < 1 || first + count > chunk.count) {
    const found = `${count} chunks from ${first} on asked for`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted some of ${chunk.count}`);
  }
  const { requestBytesMax } = namespace.chunks;
  const bytes = count * chunk.chunkBytes;
  if (count > 1 && bytes > requestBytesMax) {
    const found = `${count} chunks of ${chunk.chunkBytes} bytes asked for`;
    throw new KvError("TOO_LARGE", `${found}, wanted at most ${requestBytesMax} bytes`);
  }
}
