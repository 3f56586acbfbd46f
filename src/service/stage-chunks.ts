/** StageChunks: some chunks of a value whose put is still to come (CHUNK-2, CHUNK-6). */
import { CHUNKS_MAX, STAGING_BYTES } from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import { checkBytes, checkId, checkKey } from "../model/limits.ts";
import type { Done, StageChunksRequest } from "../model/request.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { writeChunks } from "./chunk-store.ts";
import { checkToken } from "./mutation.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/**
 * Stores the chunks where nobody looks until a put under the same token commits them. Admitted as that put will be,
 * so that chunks never outlive the time in which it can come (CHUNK-3).
 */
export async function stageChunks(
  request: StageChunksRequest,
  namespace: Namespace,
  parts: ServiceParts,
  call: ServiceCall,
): Promise<Done> {
  const now = parts.env.clock.wall();
  checkToken(request.token, namespace, now);
  checkId(request.id);
  checkKey(request.key);
  checkChunks(request, namespace);
  const { chunks } = namespace;
  const engine = engineCall(call, chunks.consistency, now);
  await writeChunks(chunks, request, request.first, request.chunks, engine);
  return { done: true };
}

function checkChunks(request: StageChunksRequest, namespace: Namespace): void {
  const { first, chunks, chunkBytes } = request;
  const { requestBytesMax, engine } = namespace.chunks;
  const { inlineBytesMax } = engine.capabilities;
  // Another size than the namespace's of now is legal: it may have changed since the client asked.
  if (!Number.isSafeInteger(chunkBytes) || chunkBytes < 1 || chunkBytes > inlineBytesMax) {
    const wanted = `1 to ${inlineBytesMax}`;
    throw new KvError("INVALID_ARGUMENT", `chunks of ${chunkBytes} bytes staged, wanted ${wanted}`);
  }
  checkStaging(request.staging);
  const last = first + chunks.length;
  if (!Number.isSafeInteger(first) || first < 0 || chunks.length === 0 || last > CHUNKS_MAX) {
    const wanted = `at least one, within 0 to ${CHUNKS_MAX}`;
    throw new KvError("INVALID_ARGUMENT", `chunks ${first} to ${last} staged, wanted ${wanted}`);
  }
  let bytes = 0;
  for (const [i, chunk] of chunks.entries()) {
    checkBytes("chunk", chunk);
    bytes += chunk.length;
    // Only the value's last chunk may be shorter, and only the request's last can be that.
    const right = chunk.length === chunkBytes || (i === chunks.length - 1 && chunk.length > 0);
    if (right && chunk.length <= chunkBytes) continue;
    const found = `chunk ${first + i} has ${chunk.length} bytes`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted ${chunkBytes}`);
  }
  if (chunks.length > 1 && bytes > requestBytesMax) {
    const found = `${bytes} bytes of chunks in one request`;
    throw new KvError("TOO_LARGE", `${found}, wanted at most ${requestBytesMax}`);
  }
  const total = first * chunkBytes + bytes;
  if (total > namespace.limits.maxValueBytes) {
    const wanted = `at most ${namespace.limits.maxValueBytes}`;
    throw new KvError("TOO_LARGE", `value is ${total} bytes or more, wanted ${wanted}`);
  }
}

/** Throws INVALID_ARGUMENT unless it has the bytes that tell one staging from another. */
export function checkStaging({ length }: Uint8Array): void {
  if (length === STAGING_BYTES) return;
  throw new KvError("INVALID_ARGUMENT", `staging is ${length} bytes, wanted ${STAGING_BYTES}`);
}
