/** Makes a small failing plan easier to read: plain operations, few keys and records, short and early. */
import type { Operation } from "../workload/operation.ts";
import type { Plan } from "../workload/plan.ts";
import { detailParts } from "./detail-parts.ts";
import { asItIs, type Search } from "./search.ts";
import { sooner } from "./sooner.ts";

/** Each step is kept if the plan still fails. */
export async function tidyUp(search: Search): Promise<void> {
  await search.reduce(detailParts(search.best.plan), [asItIs]);
  for (const step of [fewerRecords, fewerKeys, countedAnew, sooner]) {
    const { plan } = search.best;
    const tidier = step(plan);
    if (tidier !== undefined) await search.try(tidier);
  }
  await shorterThinking(search);
}

/** Halves think times for as long as that can be done. */
async function shorterThinking(search: Search): Promise<void> {
  for (const { index } of search.best.plan.operations.flat()) {
    for (let isShorter = true; isShorter; ) {
      const { plan } = search.best;
      const { think = 0 } = plan.operations.flat().find((each) => each.index === index) ?? {};
      if (think < THINK_LEAST) break;
      const shorter = changeThink(plan, index, Math.floor(think / 2));
      isShorter = await search.try(shorter);
    }
  }
}

/** Shorter than this, it is as good as none. */
const THINK_LEAST = 100;

function changeThink(plan: Plan, index: number, think: number): Plan {
  const operations = plan.operations.map((list) =>
    list.map((operation) => (operation.index === index ? { ...operation, think } : operation)),
  );
  return { ...plan, operations };
}

/** Only the first, where nothing is about the others. */
function fewerRecords(plan: Plan): Plan | undefined {
  const all = plan.operations.flat();
  const { lists, versions } = plan;
  const isSingle = lists === undefined && versions === undefined;
  const isPlain = isSingle && all.every(({ record }) => record === 0);
  return isPlain && plan.records > 1 ? { ...plan, records: 1 } : undefined;
}

/** Says of each operation how many there are. */
function countedAnew(plan: Plan): Plan | undefined {
  const most = Math.max(...plan.operations.map((list) => list.length));
  const { topology } = plan;
  if (topology.operationsPerClient === most) return undefined;
  return { ...plan, topology: { ...topology, operationsPerClient: most } };
}

/** Only keys that operations name; ends of ranges are among them. */
function fewerKeys(plan: Plan): Plan | undefined {
  const named = new Set(plan.operations.flat().flatMap(keysNamed));
  const left = plan.keys.flatMap((_, key) => (named.has(key) ? [key] : []));
  if (left.length === plan.keys.length || left.length === 0) return undefined;
  const place = (key: number): number => left.filter((each) => each < key).length;
  return {
    ...plan,
    keys: left.map((key) => plan.keys[key] as Uint8Array),
    operations: plan.operations.map((list) => list.map((each) => movedKeys(each, place))),
  };
}

function keysNamed(operation: Operation): readonly number[] {
  switch (operation.kind) {
    case "put":
      return operation.items.map(({ key }) => key);
    case "get":
    case "delete_keys":
      return operation.keys;
    case "page":
    case "delete_range":
      return [operation.from, operation.to];
    case "list":
      return operation.mutations.flatMap((each) => {
        if ("keys" in each) return each.keys;
        return "from" in each ? [each.from, each.to] : [];
      });
    case "scan":
    case "delete_record":
    case "status":
      return [];
    default:
      throw operation satisfies never;
  }
}

function movedKeys(operation: Operation, place: (key: number) => number): Operation {
  switch (operation.kind) {
    case "put":
      return {
        ...operation,
        items: operation.items.map((item) => ({ ...item, key: place(item.key) })),
      };
    case "get":
    case "delete_keys":
      return { ...operation, keys: operation.keys.map(place) };
    case "page":
    case "delete_range":
      return { ...operation, from: place(operation.from), to: place(operation.to) };
    case "list":
      return {
        ...operation,
        mutations: operation.mutations.map((each) => {
          if ("keys" in each) return { ...each, keys: each.keys.map(place) };
          return "from" in each ? { ...each, from: place(each.from), to: place(each.to) } : each;
        }),
      };
    case "scan":
    case "delete_record":
    case "status":
      return operation;
    default:
      throw operation satisfies never;
  }
}
