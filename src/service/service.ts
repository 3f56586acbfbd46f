/** The server: requests in, answers out. One file an API; this one routes. */
import { asKvError, KvError } from "../model/error.ts";
import type { KvRequest, KvResponse, KvResponseOf, KvResult } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { fixedNamespaces, type NamespaceSnapshot } from "../namespace/registry.ts";
import { deleteItems } from "./delete-items.ts";
import { getChunks } from "./get-chunks.ts";
import { getItems, type ReadParts } from "./get-items.ts";
import { currentMac, pinnedNamespace } from "./page-seal.ts";
import { putItems } from "./put-items.ts";
import { ServerStats } from "./namespace-stats.ts";
import {
  checkCall,
  type ServiceCall,
  serverFacts,
  type ServiceParts,
  withinLatency,
} from "./service-parts.ts";
import { stageChunks } from "./stage-chunks.ts";

/** Answers any request. Rejects with `KvError` only. */
export type KvService = {
  readonly handle: <R extends KvRequest>(request: R, call: ServiceCall) => Promise<KvResponseOf<R>>;
};

/**
 * A server over `parts`. It keeps nothing that an answer depends on, so that any server of a deployment answers any
 * request; how fast it does is learned (`namespace-stats.ts`).
 */
export function createService(parts: ServiceParts): KvService {
  // A ring without its current key is refused now, not with the first page.
  currentMac(parts.mac);
  const { namespaces } = parts;
  const registry = "current" in namespaces ? namespaces : fixedNamespaces(namespaces);
  const codecs = parts.codec?.codecs.map(({ name }) => name) ?? [];
  const reading = { ...parts, stats: new ServerStats() };
  const handle = async (request: KvRequest, call: ServiceCall): Promise<KvResponse> => {
    try {
      const namespace = namespaceOf(request, registry.current());
      const result = await answer(request, namespace, reading, call);
      return { ...result, server: serverFacts(namespace, parts.env, codecs) };
    } catch (thrown) {
      throw asKvError(thrown);
    }
  };
  // `answer` pairs each kind with its answer; the type system cannot follow that through `R`.
  return { handle: handle as KvService["handle"] };
}

/** Time that a namespace's levels leave to a request (SLO-1). */
function latencyMax(request: KvRequest, { slo }: Namespace): Micros | undefined {
  const isRead = request.kind === "get_items" || request.kind === "get_chunks";
  return (isRead ? slo?.read : slo?.write)?.max;
}

function answer(
  request: KvRequest,
  namespace: Namespace,
  parts: ReadParts,
  asked: ServiceCall,
): KvResult | Promise<KvResult> {
  const { clock } = parts.env;
  const call = withinLatency(asked, latencyMax(request, namespace), clock);
  checkCall(call, clock);
  switch (request.kind) {
    case "put_items":
      return putItems(request, namespace, parts, call);
    case "get_items":
      return getItems(request, namespace, parts, call);
    case "delete_items":
      return deleteItems(request, namespace, parts, call);
    case "stage_chunks":
      return stageChunks(request, namespace, parts, call);
    case "get_chunks":
      return getChunks(request, namespace, parts, call);
    case "handshake":
      return { done: true };
    default:
      throw request satisfies never;
  }
}

/**
 * The namespace that a request is about. A traversal stays in the one it began in, whatever its name points at by
 * now (NS-4); whether its token is genuine is seen to by whoever reads it.
 */
function namespaceOf(request: KvRequest, snapshot: NamespaceSnapshot): Namespace {
  const token = request.kind === "get_items" ? request.pageToken : undefined;
  const pinned = token === undefined ? undefined : pinnedNamespace(token);
  const namespace =
    (pinned === undefined ? undefined : snapshot.own(pinned)) ?? snapshot.find(request.namespace);
  if (namespace !== undefined) return namespace;
  const wanted = snapshot.served.map((one) => one.namespace.name).join(", ");
  const found = `namespace is ${request.namespace}`;
  throw new KvError("NAMESPACE_NOT_FOUND", `${found}, wanted one of: ${wanted}`);
}
