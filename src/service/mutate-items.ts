/** MutateItems: a list is checked, given its tokens, written to the log whole, and then accepted (MUT-1 to MUT-3). */
import { encodeList } from "../codec/list-form.ts";
import { KvError } from "../model/error.ts";
import { LIST_MUTATIONS_MAX, type LoggedMutation, tokenAfter } from "../model/mutation-list.ts";
import type { Done, ListedMutation, MutateItemsRequest } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import { logCall } from "../namespace/log.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { NamespaceSnapshot } from "../namespace/registry.ts";
import { applyUntil, refusalOf } from "../policy/log-rules.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { expiryAsked } from "./check-put.ts";
import { engineMutations } from "./listed-mutation.ts";
import { nameQueue } from "./log-index.ts";
import type { LogParts } from "./log-parts.ts";
import {
  encodeHead,
  headKey,
  headOf,
  listRecord,
  logRow,
  markerPut,
  type Queue,
  queueOf,
  queueRecord,
  writeLog,
  writePieces,
} from "./log-store.ts";
import { checkToken } from "./mutation.ts";
import type { ServiceCall } from "./service-parts.ts";

/** How long what was written of a list that was never accepted stays, or one that nobody applies: long past its time. */
const KEPT_BEYOND: Micros = 30 * 24 * 3_600_000_000;
/** Most buckets that a server remembers to have made known. */
const KNOWN_MAX = 100;

/**
 * Accepts a list. Everything is checked before anything is logged, so that a refusal logged nothing (DATA-4). The
 * answer comes when the list lies in the log, marker last: from then on it is applied, whoever crashes. The same list
 * under the same token is the same list, and so is the answer (TOK-4).
 */
export async function mutateItems(
  request: MutateItemsRequest,
  parts: LogParts,
  asked: ServiceCall,
): Promise<Done> {
  const { env, log, gauge } = parts;
  const now = env.clock.wall();
  const refusal = refusalOf(gauge.pressure(now), log);
  if (refusal !== undefined) {
    env.telemetry.count("log_lists_refused");
    throw new KvError("OVERLOADED", refusal);
  }
  const { list, keptUntil } = admit(request, parts, now);
  const bytes = encodeList(list);
  // However patient the caller: a bucket that is past gets no further list.
  const until = Math.min(asked.deadline, env.clock.monotonic() + log.settleMicros);
  const call = (): EngineCall => {
    const each = logCall(log, env, asked.signal);
    return { ...each, deadline: Math.min(each.deadline, until) };
  };
  const { token } = request;
  const queue = queueOf(token, now, log);
  const at = { id: listRecord(token), token, expiry: keptUntil };
  await writePieces(log, at, bytes, call);
  const head = encodeHead(headOf(bytes, list.length));
  await writeLog(log, at.id, [logRow(headKey(queue.bucket), head, token, keptUntil)], call());
  await makeKnown(queue, now, parts, call);
  const untried = { attempts: 0, refusals: new Map(), notBefore: 0 };
  const marker = { token, queue, ...untried, acceptedAt: now };
  await writeLog(log, queueRecord(queue), [markerPut(marker)], call());
  gauge.accepted(now);
  env.telemetry.count("log_lists_accepted");
  return { done: true };
}

type Admitted = { readonly list: readonly LoggedMutation[]; readonly keptUntil: Micros };

/** Checks every mutation as if it were asked for by itself, now, and gives it its token (TOK-3, MUT-3). */
function admit({ token, mutations }: MutateItemsRequest, parts: LogParts, now: Micros): Admitted {
  if (mutations.length === 0 || mutations.length > LIST_MUTATIONS_MAX) {
    const found = `list of ${mutations.length} mutations`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted 1 to ${LIST_MUTATIONS_MAX}`);
  }
  // One look for all of them: no flip of an alias falls between two mutations (NS-4).
  const snapshot = parts.namespaces.current();
  let keptUntil = 0;
  const list = mutations.map((asked, place) => {
    const own = tokenAfter(token, place);
    const namespace = namespaceFor(asked, snapshot);
    checkToken(own, namespace, now);
    const logged = toLogged(asked, own, namespace);
    engineMutations(logged, namespace, parts.codec, now);
    keptUntil = Math.max(keptUntil, applyUntil(own.generationTime, namespace) + KEPT_BEYOND);
    return logged;
  });
  return { list, keptUntil };
}

/** As it is logged: in the namespace that its name stands for now, with the time to live that it gives now (TTL-2). */
function toLogged(
  asked: ListedMutation,
  token: IdempotencyToken,
  namespace: Namespace,
): LoggedMutation {
  const mutation = { ...asked, namespace: namespace.name };
  if (mutation.kind === "delete") return { token, mutation };
  const items = mutation.items.map((item) => {
    return { ...item, expiresAt: expiryAsked(item, token, namespace) };
  });
  return { token, mutation: { ...mutation, items } };
}

function namespaceFor({ namespace }: ListedMutation, snapshot: NamespaceSnapshot): Namespace {
  const found = snapshot.find(namespace);
  if (found !== undefined) return found;
  const wanted = "one that is configured";
  throw new KvError("NAMESPACE_NOT_FOUND", `list names namespace ${namespace}, wanted ${wanted}`);
}

/** Has the index name the queue before anything is in it: appliers look nowhere else. */
async function makeKnown(
  queue: Queue,
  now: Micros,
  { log, knownQueues }: LogParts,
  call: () => EngineCall,
): Promise<void> {
  const name = queueRecord(queue);
  if (knownQueues.has(name)) return;
  await nameQueue(log, queue, now, call());
  const [oldest = name] = knownQueues.keys();
  if (knownQueues.size >= KNOWN_MAX) knownQueues.delete(oldest);
  knownQueues.set(name, queue);
}
