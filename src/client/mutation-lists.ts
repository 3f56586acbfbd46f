/** Lists of mutations on their way to the log, and what is asked of them there (MUT-1 to MUT-3). */
import { asKvError, KvError } from "../model/error.ts";
import {
  LIST_MUTATIONS_MAX,
  readRequestId,
  requestIdOf,
  tokenAfter,
} from "../model/mutation-list.ts";
import type { ListedMutation, MutationState } from "../model/request.ts";
import { checkList } from "../model/limits.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type {
  MutateItemsInput,
  MutateItemsResult,
  MutationInput,
  MutationStatus,
} from "./inputs.ts";
import { toPutItem } from "./put-item.ts";
import type { ValueParts } from "./values.ts";

/** How a client sends them. */
export type ListParts = Pick<ValueParts, "capabilities" | "send" | "greet"> & {
  /** The next token of the client's source, and so many ticks from there on. */
  readonly nextToken: (
    namespace: string,
    ticks: number,
  ) => IdempotencyToken | Promise<IdempotencyToken>;
  /** Tells the source that one that was issued for this call was refused as too new by every server. */
  readonly refused: (token: IdempotencyToken) => void;
};

/** Hands a list in. Rejects with INVALID_ARGUMENT for an empty list, or one that is too long. */
export async function handIn(
  input: MutateItemsInput,
  { capabilities, nextToken, refused, send, greet }: ListParts,
): Promise<MutateItemsResult> {
  checkList("mutations", input.mutations);
  const [first] = input.mutations;
  const { length } = input.mutations;
  if (first === undefined || length > LIST_MUTATIONS_MAX) {
    const wanted = `wanted 1 to ${LIST_MUTATIONS_MAX}`;
    throw new KvError("INVALID_ARGUMENT", `list of ${length} mutations, ${wanted}`);
  }
  const { namespace } = first;
  const token = input.token ?? (await nextToken(namespace, length));
  const mutations = input.mutations.map((each, place) => toListed(each, tokenAfter(token, place)));
  try {
    await send({ kind: "mutate_items", namespace, token, mutations, capabilities });
  } catch (error) {
    const { code, applied } = asKvError(error);
    if (code === "TOKEN_FROM_FUTURE") {
      if (applied === "no" && input.token === undefined) refused(token);
      // A refusal does not tell the server's time, and without it no later token would be any better.
      await greet(namespace).catch(() => undefined);
    }
    throw error;
  }
  return { requestId: requestIdOf(token, namespace), token };
}

/** Asks what became of one. Rejects with INVALID_ARGUMENT for what is no request id. */
export async function askStatus(
  requestId: string,
  { capabilities, send }: ListParts,
): Promise<MutationStatus> {
  const asked = { kind: "mutation_status", ...readRequestId(requestId), capabilities } as const;
  return toStatus((await send(asked)).mutations);
}

/** As it travels: every time to live is an absolute expiry by its own mutation's token (TTL-2). */
function toListed(mutation: MutationInput, token: IdempotencyToken): ListedMutation {
  const { namespace, id } = mutation;
  if ("delete" in mutation) return { kind: "delete", namespace, id, predicate: mutation.delete };
  const items = mutation.put.map((item) => toPutItem(item, token));
  return { kind: "put", namespace, id, items };
}

/** The states of a list's mutations, summed up. */
function toStatus(mutations: readonly MutationState[]): MutationStatus {
  if (mutations.length === 0) return { state: "unknown", mutations };
  const isPending = mutations.some(({ kind }) => kind === "pending");
  return { state: isPending ? "pending" : "done", mutations };
}
