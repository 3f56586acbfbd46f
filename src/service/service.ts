/** The server: requests in, answers out. One file an API; this one routes. */
import { asKvError, KvError } from "../model/error.ts";
import type { KvRequest, KvResponse, KvResponseOf, KvResult } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { deleteItems } from "./delete-items.ts";
import { getChunks } from "./get-chunks.ts";
import { getItems, type ReadParts } from "./get-items.ts";
import { currentMac } from "./page-seal.ts";
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
  const namespaces = byName(parts.namespaces);
  const reading = { ...parts, stats: new ServerStats() };
  const handle = async (request: KvRequest, call: ServiceCall): Promise<KvResponse> => {
    try {
      const namespace = namespaces.get(request.namespace);
      if (namespace === undefined) throw unknownNamespace(request.namespace, namespaces);
      const result = await answer(request, namespace, reading, call);
      return { ...result, server: serverFacts(namespace, parts.env) };
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

/** Throws INVALID_ARGUMENT for a name that stands twice: one of the two would be served as the other. */
function byName(list: readonly Namespace[]): ReadonlyMap<string, Namespace> {
  const namespaces = new Map(list.map((namespace) => [namespace.name, namespace]));
  if (namespaces.size < list.length) {
    const found = list.map(({ name }) => name).join(", ");
    throw new KvError("INVALID_ARGUMENT", `namespaces are ${found}, wanted each name once`);
  }
  return namespaces;
}

function unknownNamespace(name: string, known: ReadonlyMap<string, Namespace>): KvError {
  const wanted = [...known.keys()].join(", ");
  return new KvError("NAMESPACE_NOT_FOUND", `namespace is ${name}, wanted one of: ${wanted}`);
}
