/** Hands lists of mutations in through the public client, and asks what became of them. */
import { type CallOptions, matchAll, matchKeys, matchRange, type MutationInput } from "kvdal";
import type { KvClient } from "kvdal/client";
import { DOOMED_NAMESPACE } from "./lists-plan.ts";
import type { ListedOperation, Operation } from "./operation.ts";
import type { Task } from "./perform.ts";
import { valueOf } from "./values.ts";

type OfKind<K extends Operation["kind"]> = Extract<Operation, { kind: K }>;

/** Hands a list in and notes by which name to ask for it. */
export async function handIn(
  client: KvClient,
  { mutations }: OfKind<"list">,
  task: Task,
  options: CallOptions | undefined,
): Promise<void> {
  const listed = mutations.map((one) => inputOf(one, task));
  task.open.requestId = (await client.mutateItems({ mutations: listed }, options)).requestId;
}

/** Asks for a list that was accepted, if there is one. */
export async function askStatus(
  client: KvClient,
  { of }: OfKind<"status">,
  { open, lists }: Task,
  options: CallOptions | undefined,
): Promise<void> {
  const asked = of === 0 ? lists.lastOf(open.client) : lists.accepted.get(of);
  if (asked === undefined) return;
  const { mutations } = await client.mutationStatus(asked.requestId, options);
  open.told = { list: asked.operation, states: mutations.map(({ kind }) => kind) };
}

function inputOf(listed: ListedOperation, { keys, places }: Task): MutationInput {
  const namespace = listed.isDoomed ? DOOMED_NAMESPACE : places.namespaceOf(listed.record);
  const at = { namespace, id: places.idOf(listed.record) };
  switch (listed.kind) {
    case "put": {
      const content = { note: valueOf(listed.operation, 4) };
      const value = valueOf(listed.operation, 4);
      return { ...at, put: listed.keys.map((key) => ({ key: keys[key]!, value, content })) };
    }
    case "delete_keys":
      return { ...at, delete: matchKeys(...listed.keys.map((key) => keys[key]!)) };
    case "delete_range":
      return { ...at, delete: matchRange(keys[listed.from], keys[listed.to]) };
    case "delete_record":
      return { ...at, delete: matchAll };
    default:
      throw listed satisfies never;
  }
}
