/**
 * Oracle for MUT-1 to MUT-3: lists of mutations. What readers see of them is judged by the oracle of reads, which takes
 * a mutation for acknowledged once a client was told that it is applied.
 */
import type { History, Oracle, Violation } from "./history.ts";
import type {
  AppliedWrite,
  ListedMutationRecord,
  ListHistory,
  ListRecord,
} from "./list-history.ts";

type ListRule = "MUT-1" | "MUT-2" | "MUT-3";
type Broken = Violation<ListRule> | undefined;

/** Judges what appliers wrote, what clients were told, and how every list ended. */
export const listsOracle: Oracle<ListRule> = {
  name: "lists",
  rules: ["MUT-1", "MUT-2", "MUT-3"],
  check: ({ lists }: History) => (lists === undefined ? undefined : new ListsJudge(lists).check()),
};

/** How a letter is named in a history. */
export function letterName({ mutations }: ListRecord, place: number): string {
  const { time, nonce } = mutations[0]!.order;
  return `${time} ${nonce} ${place}`;
}

class ListsJudge {
  readonly #history: ListHistory;
  readonly #byNonce: ReadonlyMap<string, ListRecord>;
  readonly #letters: ReadonlySet<string>;
  /** When the first write of a mutation that came to its end did so, by the mutation's operation. */
  readonly #effective = new Map<number, number>();

  constructor(history: ListHistory) {
    this.#history = history;
    this.#letters = new Set(history.letters);
    this.#byNonce = new Map(history.lists.map((list) => [list.mutations[0]!.order.nonce, list]));
  }

  check(): Broken {
    for (const write of this.#history.applied) {
      const broken = this.#checkWrite(write);
      if (broken !== undefined) return broken;
    }
    for (const list of this.#history.lists) {
      const broken = this.#checkTold(list) ?? this.#checkOrder(list) ?? this.#checkEnd(list);
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  /** Each write of an applier is one mutation of one list, under the token that it got when it was handed in. */
  #checkWrite(write: AppliedWrite): Broken {
    const list = this.#byNonce.get(write.nonce);
    const own = list?.mutations.find((one) => isOf(one, write));
    if (list === undefined || own === undefined) {
      if (list !== undefined && this.#erases(list, write)) {
        const what = `a deletion and a put of one list to record ${write.record} are of one time`;
        return broken("MUT-2", list, `${what}, wanted the one before the other`);
      }
      const found = `an applier wrote to record ${write.record} under time ${write.time}`;
      return broken("MUT-3", list, `${found}, wanted that of the mutation's own token`);
    }
    const before = this.#effective.get(own.operation) ?? Number.POSITIVE_INFINITY;
    this.#effective.set(own.operation, Math.min(before, write.ended));
    return undefined;
  }

  #erases(list: ListRecord, { record, time, nonce }: AppliedWrite): boolean {
    const kinds = this.#history.applied
      .filter((one) => one.nonce === nonce && one.record === record && one.time === time)
      .map(({ kind }) => kind);
    const wanted = list.mutations.filter((one) => one.record === record && !one.isDoomed);
    const isOneTime = new Set(wanted.map(({ order }) => order.time)).size === 1;
    return !isOneTime && kinds.includes("put") && kinds.includes("delete");
  }

  /** What is told to be applied is durable by then. */
  #checkTold(list: ListRecord): Broken {
    for (const { at, states } of list.told) {
      for (const [place, state] of states.entries()) {
        const mutation = list.mutations[place];
        if (mutation === undefined || mutation.isDoomed || state !== "applied") continue;
        const since = this.#effective.get(mutation.operation) ?? Number.POSITIVE_INFINITY;
        if (since <= at) continue;
        const what = `${mutationName(place)} was told to be applied before any write of it was durable`;
        return broken("MUT-1", list, what);
      }
    }
    return undefined;
  }

  /** Of two mutations of one record, the later one is begun when the earlier one is in effect. */
  #checkOrder(list: ListRecord): Broken {
    const { nonce } = list.mutations[0]!.order;
    const writes = this.#history.applied.filter((one) => one.nonce === nonce);
    for (const [place, later] of list.mutations.entries()) {
      if (later.isDoomed) continue;
      const begun = Math.min(
        ...writes.filter((write) => isOf(later, write)).map((write) => write.begun),
      );
      for (const [before, earlier] of list.mutations.slice(0, place).entries()) {
        if (earlier.isDoomed || earlier.record !== later.record) continue;
        const since = this.#effective.get(earlier.operation) ?? Number.POSITIVE_INFINITY;
        if (since <= begun) continue;
        const what = `${mutationName(place)} was applied before mutation ${before + 1}, of the same record`;
        return broken("MUT-1", list, what);
      }
    }
    return undefined;
  }

  /** Everything that was accepted is applied, or a dead letter where it cannot be. */
  #checkEnd(list: ListRecord): Broken {
    const final = this.#history.final.get(list.operation);
    if (list.accepted === Number.POSITIVE_INFINITY || final === undefined) return undefined;
    for (const [place, { isDoomed }] of list.mutations.entries()) {
      const state = final[place] ?? "unknown";
      const isLetter = this.#letters.has(letterName(list, place));
      const flaw = endFlaw(state, isDoomed, isLetter);
      if (flaw !== undefined) return broken("MUT-1", list, `${mutationName(place)} ${flaw}`);
    }
    return undefined;
  }
}

/** Mutations are counted from 1, as in the words of their list. */
function mutationName(place: number): string {
  return `mutation ${place + 1} of a list`;
}

function endFlaw(state: string, isDoomed: boolean, isLetter: boolean): string | undefined {
  const isBoth = state === "applied" && isLetter && !isDoomed;
  if (state === "applied") return isBoth ? "is applied and a dead letter" : undefined;
  if (state !== "dead_lettered") return `was accepted and is ${state} in the end`;
  if (!isDoomed) return "ended as a dead letter, wanted it applied";
  return isLetter ? undefined : "is told to be a dead letter, and is not listed";
}

function isOf(mutation: ListedMutationRecord, write: AppliedWrite): boolean {
  const record = mutation.isDoomed ? undefined : mutation.record;
  return (
    record === write.record && mutation.order.time === write.time && mutation.kind === write.kind
  );
}

function broken(rule: ListRule, list: ListRecord | undefined, what: string): Violation<ListRule> {
  return { rule, what, operations: list === undefined ? [] : [list.operation] };
}
