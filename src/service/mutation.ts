/** What puts and deletes share: admission, the write, and the reading of outcomes. */
import { KvError } from "../model/error.ts";
import type { MutationResponse, WriteOutcome } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import { type IdempotencyToken, tokenFlaw } from "../model/token.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { admitToken } from "../policy/admit-token.ts";
import type { EngineCall, Mutation, MutationOutcome } from "../ports/storage-engine.ts";

/** Throws INVALID_ARGUMENT, TOKEN_FROM_PAST or TOKEN_FROM_FUTURE unless the token may be carried out now (TOK-3). */
export function checkToken(token: IdempotencyToken, namespace: Namespace, now: Micros): void {
  const flaw = tokenFlaw(token);
  if (flaw !== undefined) throw new KvError("INVALID_ARGUMENT", `token: ${flaw}`);
  const admission = admitToken(token.generationTime, now, namespace.tokens);
  if (admission.kind === "refused") {
    const { maxAge, maxDrift } = namespace.tokens;
    throw new KvError(
      admission.code,
      `generation time ${token.generationTime} lies ${admission.by} µs outside, ` +
        `wanted ${now} − ${maxAge} to ${now} + ${maxDrift}`,
    );
  }
}

/** Has the engine carry out the mutations of one record, at least one, and reads what came of them. */
export async function writeMutations(
  id: string,
  mutations: readonly Mutation[],
  namespace: Namespace,
  call: EngineCall,
): Promise<MutationResponse> {
  const { engine, table } = namespace;
  return answerMutation(await engine.write({ table, id }, mutations, call), mutations.length);
}

/**
 * The answer to a request of so many mutations, whose outcomes these are. Throws the first failure when there is
 * one: `applied` is unknown as soon as any item took effect, and the same request with the same token completes it
 * (PUT-2).
 */
function answerMutation(outcomes: readonly MutationOutcome[], mutations: number): MutationResponse {
  if (outcomes.length !== mutations) {
    // A mutation without an outcome must not pass for one that took effect.
    throw new KvError("INTERNAL", `engine gave ${outcomes.length} outcomes, wanted ${mutations}`);
  }
  const done: WriteOutcome[] = [];
  let failure: KvError | undefined;
  let mayHaveApplied = false;
  for (const outcome of outcomes) {
    if (outcome.kind === "failed") {
      failure ??= outcome.error;
      mayHaveApplied ||= outcome.error.applied === "unknown";
    } else {
      done.push(outcome.kind);
    }
  }
  if (failure === undefined) return { outcomes: done };
  if (outcomes.length === 1) throw failure;
  throw new KvError(
    failure.code,
    `${outcomes.length - done.length} of ${outcomes.length} items failed, first: ${failure.message}`,
    { applied: mayHaveApplied || done.length > 0 ? "unknown" : "no", cause: failure },
  );
}
