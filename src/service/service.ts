/** The server: requests in, answers out. One file an API; this one routes. */
import { asKvError, KvError } from "../model/error.ts";
import { checkBytes } from "../model/limits.ts";
import type { KvRequest, KvResponse, KvResponseOf, KvResult } from "../model/request.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { fixedNamespaces, type NamespaceSnapshot } from "../namespace/registry.ts";
import { objectiveOf } from "../policy/latency-objective.ts";
import { CacheTiers } from "./cache-tier.ts";
import { deleteItems } from "./delete-items.ts";
import { getChunks } from "./get-chunks.ts";
import { getItems, type ReadParts } from "./get-items.ts";
import { currentMac, pinnedNamespace } from "./page-seal.ts";
import { putItems } from "./put-items.ts";
import { scanItems, type ScanningParts } from "./scan-items.ts";
import { ServerStats } from "./namespace-stats.ts";
import { REQUESTS_MAX_DEFAULT, ServerLoad } from "./server-load.ts";
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
  const reading = { ...parts, stats: new ServerStats(), scans: new ServerStats() };
  const { clock, telemetry } = parts.env;
  const { requestsMax = REQUESTS_MAX_DEFAULT, load: system } = parts;
  // One view of a cache a server: what its applier met counts for its readers, too.
  const tiers = parts.log?.tiers ?? new CacheTiers(parts.env);
  const load = new ServerLoad({ telemetry, requestsMax, system });
  const handle = async (request: KvRequest, asked: ServiceCall): Promise<KvResponse> => {
    const begun = clock.monotonic();
    // Whoever asks how things stand is answered also when too much is going on.
    load.enter(request.kind !== "handshake");
    let namespace: Namespace | undefined;
    try {
      namespace = tiers.over(namespaceOf(request, registry.current()));
      const max = objectiveOf(namespace.slo, request.kind)?.max;
      const call = withinLatency(asked, max, begun);
      checkCall(call, begun);
      const result = await answer(request, namespace, reading, call);
      const signals = load.signals(namespace, begun);
      return { ...result, server: serverFacts(namespace, signals, parts.env, codecs) };
    } catch (thrown) {
      throw asKvError(thrown);
    } finally {
      load.leave();
      const objective = objectiveOf(namespace?.slo, request.kind);
      if (namespace !== undefined && objective !== undefined) {
        load.note(namespace, begun, clock.monotonic(), objective);
      }
    }
  };
  // `answer` pairs each kind with its answer; the type system cannot follow that through `R`.
  return { handle: handle as KvService["handle"] };
}

function answer(
  request: KvRequest,
  namespace: Namespace,
  parts: ReadParts & ScanningParts,
  call: ServiceCall,
): KvResult | Promise<KvResult> {
  switch (request.kind) {
    case "put_items":
      return putItems(request, namespace, parts, call);
    case "get_items":
      return getItems(request, namespace, parts, call);
    case "scan_items":
      return scanItems(request, namespace, parts, call);
    case "delete_items":
      return deleteItems(request, namespace, parts, call);
    case "stage_chunks":
      return stageChunks(request, namespace, parts, call);
    case "get_chunks":
      return getChunks(request, namespace, parts, call);
    case "mutate_items":
      return logOf(parts).accept(request, call);
    case "mutation_status":
      return logOf(parts).status(request, call);
    case "handshake":
      return { done: true };
    default:
      throw request satisfies never;
  }
}

function logOf({ log }: ReadParts): NonNullable<ReadParts["log"]> {
  if (log !== undefined) return log;
  const found = "this server keeps no log of mutations";
  throw new KvError("UNSUPPORTED", `${found}, wanted one that was opened with a log`);
}

/**
 * The namespace that a request is about. A traversal stays in the one it began in, whatever its name points at by
 * now (NS-4); whether its token is genuine is seen to by whoever reads it.
 */
function namespaceOf(request: KvRequest, snapshot: NamespaceSnapshot): Namespace {
  const isTraversal = request.kind === "get_items" || request.kind === "scan_items";
  const token = isTraversal ? request.pageToken : undefined;
  if (token !== undefined) checkBytes("page token", token);
  const pinned = token === undefined ? undefined : pinnedNamespace(token);
  const namespace =
    (pinned === undefined ? undefined : snapshot.own(pinned)) ??
    snapshot.find(request.namespace) ??
    // What became of a list can be asked for when its first namespace is gone, too.
    (request.kind === "mutation_status" ? snapshot.served[0]?.namespace : undefined);
  if (namespace !== undefined) return namespace;
  const wanted = snapshot.served.map((one) => one.namespace.name).join(", ");
  const found = `namespace is ${request.namespace}`;
  throw new KvError("NAMESPACE_NOT_FOUND", `${found}, wanted one of: ${wanted}`);
}
