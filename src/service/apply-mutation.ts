/** Applying one logged mutation: the one place where the log writes to a namespace (MUT-1, MUT-3). */
import { KvError } from "../model/error.ts";
import type { LoggedMutation } from "../model/mutation-list.ts";
import { applyUntil } from "../policy/log-rules.ts";
import { engineMutations } from "./listed-mutation.ts";
import type { LogParts } from "./log-parts.ts";
import { writeMutations } from "./mutation.ts";

/**
 * Has the mutation take effect under its own token, as an ordinary write would: durably, at the namespace's own
 * consistency, and not at all where a newer write is. Safe to repeat, and beside others who do the same. Rejects with
 * TOKEN_FROM_PAST when it is too late: deletions that are newer may be forgotten by now, and it would come back after
 * them (DEL-5).
 */
export async function applyMutation(
  logged: LoggedMutation,
  { env, log, namespaces, codec, tiers }: LogParts,
  signal: AbortSignal,
): Promise<void> {
  const { mutation, token } = logged;
  const { clock } = env;
  const configured = namespaces.current().own(mutation.namespace);
  if (configured === undefined) {
    const found = `namespace ${mutation.namespace} is gone`;
    throw new KvError("NAMESPACE_NOT_FOUND", `${found}, wanted one that is configured`);
  }
  const namespace = tiers.over(configured);
  const now = clock.wall();
  const left = applyUntil(token.generationTime, namespace) - now;
  if (left <= 0) {
    const found = `logged mutation of ${token.generationTime} is ${-left} µs too late`;
    throw new KvError("TOKEN_FROM_PAST", `${found}, wanted it applied by then (DEL-5)`);
  }
  const mutations = engineMutations(logged, namespace, codec, now);
  if (mutations.length === 0) return;
  const deadline = clock.monotonic() + Math.min(left, log.callMicrosMax);
  const call = { deadline, signal, consistency: namespace.consistency, now };
  await writeMutations(mutation.id, mutations, namespace, call);
}
