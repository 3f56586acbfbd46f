/** What a put leaves to its namespace is decided once a call, whatever becomes of the namespace meanwhile (TTL-2). */
import type { ServerFacts } from "../model/capabilities.ts";
import type { KvRequest } from "../model/request.ts";

/**
 * The request with the default time to live that servers told last, where it has items that name none: otherwise each
 * attempt would have that of its own moment. The very request where nobody has told it yet.
 */
export function withFixedLife<R extends KvRequest>(request: R, facts: ServerFacts | undefined): R {
  if (request.kind !== "put_items") return request;
  const defaultTtl = facts?.limits.defaultTtl;
  if (defaultTtl === undefined || request.defaultTtl !== undefined) return request;
  if (request.items.every(({ expiresAt }) => expiresAt !== undefined)) return request;
  return { ...request, defaultTtl };
}
