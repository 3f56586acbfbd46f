/** Calls about lists of mutations: what becomes of them, of what cannot be applied, and of logs that were harmed. */
import { HOUR, KvError, matchAll, type MutationInput, SECOND, utf8 } from "kvdal";
import { type KvClient, neverAborted } from "kvdal/client";
import type { StorageEngine } from "kvdal/engine";
import type { LogOptions } from "kvdal/service";
import { differences, type NamedAnswer, tableDifference } from "./difference.ts";
import { type Asked, type ExactCall } from "./exact-call.ts";
import { changed, firstFlaw, House, HOUSE, HOUSE_LOG, refusedWith } from "./house.ts";

const KEY = utf8("k");
const at = (id: string) => ({ namespace: HOUSE, id });
const putOf = (id: string, ttlMicros?: number): MutationInput => ({
  ...at(id),
  put: [{ key: KEY, value: KEY, ...(ttlMicros !== undefined && { ttlMicros }) }],
});

/** A house with a log, and its client. */
async function withLog(
  asked: Asked,
  log: LogOptions = {},
): Promise<{ readonly house: House; readonly client: KvClient }> {
  const house = await House.open(asked, {}, { log });
  return { house, client: house.client() };
}

/** Rounds of the applier, each after the longest wait. */
async function rounds(house: House, count: number): Promise<number> {
  let pending = -1;
  for (let round = 0; round < count; round += 1) {
    ({ pending } = await house.log.apply(neverAborted));
    house.pass(60 * SECOND);
  }
  return pending;
}

const kinds = async (client: KvClient, requestId: string): Promise<unknown> => {
  const { state, mutations } = await client.mutationStatus(requestId);
  return [state, ...mutations.map(({ kind }) => kind)];
};

/** The verb with its first calls to that table failing, as many as there are errors. */
function failing(house: House, table: string, errors: readonly KvError[]): void {
  const left = [...errors];
  const write: StorageEngine["write"] = async (partition, rows, call) => {
    const error = partition.table === table ? left.shift() : undefined;
    if (error !== undefined) throw error;
    return house.store.write(partition, rows, call);
  };
  house.instead = { write };
}

const APPLIED: ExactCall = {
  rule: "MUT-1",
  says: "a list with a deletion and a put that ends, before and after it is applied",
  ask: async (asked) => {
    const { house, client } = await withLog(asked);
    const token = asked.token();
    const mutations = [putOf("one"), { ...at("one"), delete: matchAll }, putOf("two", HOUR)];
    const { requestId } = await client.mutateItems({ mutations, token });
    const before = await kinds(client, requestId);
    const pending = await rounds(house, 1);
    const after = await kinds(client, requestId);
    const lives = async (id: string): Promise<unknown> =>
      (await client.getItems(at(id))).items.map(({ metadata }) => metadata.lifecycle);
    const writeTime = token.generationTime + 2;
    const life = { writeTime, expiresAt: writeTime + HOUR };
    return differences([
      ["state of it and its mutations before", before, Array.from({ length: 4 }, () => "pending")],
      ["lists that wait afterwards", pending, 0],
      ["state of it and its mutations after", after, ["done", "applied", "applied", "applied"]],
      ["items that were put and deleted", await lives("one"), []],
      ["times of the item that ends", await lives("two"), [life]],
    ]);
  },
};

const UNHEARD: ExactCall = {
  rule: "MUT-1",
  says: "lists that nobody has handed in, that are empty, or that were not accepted",
  ask: async (asked) => {
    const { house, client } = await withLog(asked);
    const unheard = asked.token();
    const status = { kind: "mutation_status", token: unheard };
    const answer = (await house.straight(status)) as { readonly mutations: readonly unknown[] };
    const flaw = differences([
      ["mutations of one that nobody has handed in", answer.mutations, []],
    ]);
    if (flaw !== undefined) return flaw;
    const empty = { kind: "mutate_items", token: asked.token(), mutations: [] };
    const refused = await refusedWith("INVALID_ARGUMENT", () => house.straight(empty));
    if (refused !== undefined) return refused;
    // Written, but for the marker that makes it accepted.
    const write: StorageEngine["write"] = async (partition, rows, call) => {
      if (!partition.id.startsWith("queue-")) return house.store.write(partition, rows, call);
      throw new KvError("UNSUPPORTED", "no marker today");
    };
    house.instead = { write };
    const token = asked.token();
    const handIn = (): Promise<unknown> => client.mutateItems({ mutations: [putOf("x")], token });
    const failed = await refusedWith("UNSUPPORTED", handIn);
    if (failed !== undefined) return failed;
    house.instead = {};
    const ofThat = (await house.straight({ ...status, token })) as typeof answer;
    return differences([["mutations of one that was not accepted", ofThat.mutations, []]]);
  },
};

/** Two lists that the namespace's engine refuses for good: one is applied by hand in the end, one discarded. */
const LETTERS: ExactCall = {
  rule: "MUT-1",
  says: "dead letters, of which one is applied by hand and one discarded",
  ask: async (asked) => {
    const { house, client } = await withLog(asked);
    const ids: string[] = [];
    for (const id of ["one", "two"]) {
      const handed = { mutations: [putOf(id), putOf("three")], token: asked.token() };
      ids.push((await client.mutateItems(handed)).requestId);
    }
    const error = new KvError("TOO_LARGE", "no room");
    failing(house, HOUSE, [error, error, error, error]);
    await rounds(house, 1);
    house.instead = {};
    const [first, second] = ids as [string, string];
    const { deadLetters } = house.log;
    const letters = (await deadLetters.list()).toSorted((a, b) =>
      `${a.requestId}${a.place}` < `${b.requestId}${b.place}` ? -1 : 1,
    );
    const dead = { kind: "dead_lettered", code: "TOO_LARGE", reason: error.message };
    const found = letters.map((one) => [one.requestId, one.place, one.id, one.code, one.reason]);
    const { mutations } = await client.mutationStatus(first);
    const listed = ids.flatMap((requestId, i) =>
      [i === 0 ? "one" : "two", "three"].map((id, place) => [
        requestId,
        place,
        id,
        "TOO_LARGE",
        error.message,
      ]),
    );
    const columns = ["request", "place in its list", "record", "error", "reason"];
    const rows = listed.map((_, i) => `letter ${i + 1}`);
    const flaw =
      tableDifference({ rows, columns }, found, listed) ??
      differences([["mutations of the first list", mutations, [dead, dead]]]);
    if (flaw !== undefined) return flaw;
    for (const { requestId, place, letterId } of letters) {
      if (place === 0) {
        if (requestId === first) await deadLetters.retry(letterId);
        else await deadLetters.discard(letterId);
      }
    }
    const counts: number[] = [];
    for (const id of ["one", "two", "three"]) {
      counts.push((await client.getItems(at(id))).items.length);
    }
    const [ofFirst, ofSecond] = [await kinds(client, first), await kinds(client, second)];
    return differences([
      ["state of the first list and its mutations", ofFirst, ["done", "applied", dead.kind]],
      ["state of the second list and its mutations", ofSecond, ["done", "discarded", dead.kind]],
      ["items of records one, two and three", counts, [1, 0, 0]],
    ]);
  },
};

/** A code that only a later release knows is INTERNAL here; what is no letter's name is refused. */
const LATER_LETTER: ExactCall = {
  rule: "MUT-1",
  says: "a dead letter of a later release, and one that is none",
  ask: async (asked) => {
    const { house, client } = await withLog(asked);
    const token = asked.token();
    await client.mutateItems({ mutations: [putOf("one")], token });
    failing(house, HOUSE, [new KvError("TOO_LARGE", "no room")]);
    await rounds(house, 1);
    const id = `letters-${token.nonce[0]! % 4}`;
    const [row] = await house.rows(HOUSE_LOG, id);
    // After twelve bytes of head.
    await house.write(HOUSE_LOG, id, [changed(row!, { value: row!.value.with(12, 100) })]);
    const letters = await house.log.deadLetters.list();
    const codes = letters.map(({ code }) => code);
    const flaw = differences([["errors of the letters", codes, ["INTERNAL"]]]);
    if (flaw !== undefined) return flaw;
    const { letterId } = letters[0]!;
    return firstFlaw(
      ["", letterId.slice(2), `${letterId.slice(2)}zz`, `ff${letterId.slice(2)}`].map((name) => [
        name,
        () => refusedWith("INVALID_ARGUMENT", () => house.log.deadLetters.discard(name)),
      ]),
    );
  },
};

/** Its pieces are harmed: a dead letter, once it has been tried so often; its rows are gone: nothing is left of it. */
const HARMED: ExactCall = {
  rule: "MUT-1",
  says: "a list whose content is damaged in the log, and one of which all is gone",
  ask: async (asked) => {
    const { house, client } = await withLog(asked, { attemptsMax: 2 });
    const { requestId } = await client.mutateItems({
      mutations: [putOf("one"), putOf("two")],
      token: asked.token(),
    });
    const record = (list: string): string => `list-${list.split("@")[0]}`;
    const piece = (await house.rows(HOUSE_LOG, record(requestId))).find(
      ({ key }) => key[0] === 0x70,
    )!;
    const last = piece.value.length - 1;
    const harmed = piece.value.with(last, piece.value[last]! ^ 1);
    await house.write(HOUSE_LOG, record(requestId), [changed(piece, { value: harmed })]);
    const found: (readonly unknown[])[] = [];
    for (let round = 0; round < 2; round += 1) {
      found.push([await rounds(house, 1), await kinds(client, requestId)]);
    }
    const columns = ["lists that wait", "state of it and its mutations"];
    const flaw = tableDifference({ rows: ["first round", "second round"], columns }, found, [
      [1, ["pending", "pending", "pending"]],
      [0, ["done", "dead_lettered", "dead_lettered"]],
    ]);
    if (flaw !== undefined) return flaw;
    const gone = await client.mutateItems({ mutations: [putOf("one")], token: asked.token() });
    const rows = await house.rows(HOUSE_LOG, record(gone.requestId));
    const removals = rows.map(({ key, version: { time, nonce } }) => {
      const version = { time: time + 1, rank: 2, expiry: 0, nonce } as const;
      return { kind: "delete_key", key, version, removeAt: time + HOUR } as const;
    });
    await house.write(HOUSE_LOG, record(gone.requestId), removals);
    const waiting = await rounds(house, 1);
    const state = await kinds(client, gone.requestId);
    const stored = await house.rows(HOUSE_LOG, record(gone.requestId));
    return differences([
      ["lists that wait when all of one is gone", waiting, 0],
      ["its state", state, ["unknown"]],
      ["rows that are left of it", stored.length, 0],
    ]);
  },
};

/** An engine that was away has refused nothing: what it refuses in passing afterwards is counted from one. */
const AWAY: ExactCall = {
  rule: "MUT-1",
  says: "a list whose engine is away, and then refuses once in passing",
  ask: async (asked) => {
    const { house, client } = await withLog(asked, { attemptsMax: 2 });
    const { requestId } = await client.mutateItems({
      mutations: [putOf("one")],
      token: asked.token(),
    });
    const away = new KvError("UNAVAILABLE", "the engine is away");
    failing(house, HOUSE, [away, away, new KvError("INTERNAL", "something unforeseen")]);
    const pending = [await rounds(house, 3), await rounds(house, 1)];
    return differences([
      ["lists that wait after three rounds", pending[0], 1],
      ["lists that wait after another", pending[1], 0],
      ["state of it and its mutation", await kinds(client, requestId), ["done", "applied"]],
    ]);
  },
};

/** Whatever the second attempt is told: the first may have been taken. */
const OPEN: ExactCall = {
  rule: "TOK-8",
  says: "mutations whose first attempt ends unknown and whose second is refused",
  ask: async (asked) => {
    const house = await House.open(asked);
    const found: NamedAnswer[] = [];
    const code = "INVALID_ARGUMENT";
    type Call = readonly [string, "unknown" | "no", (client: KvClient) => Promise<unknown>];
    const list = { mutations: [putOf("one")], token: asked.token() };
    const items = [{ key: KEY, value: KEY }];
    const calls: readonly Call[] = [
      ["a list", "unknown", (client) => client.mutateItems(list)],
      ["a put", "unknown", (client) => client.putItems({ ...at("one"), items })],
      ["a deletion", "unknown", (client) => client.deleteItems(at("one"))],
      ["a read", "no", (client) => client.getItems(at("one"))],
    ];
    for (const [says, applied, call] of calls) {
      const errors = ["OUTCOME_UNKNOWN", "INVALID_ARGUMENT"] as const;
      const left = errors.map((code) => new KvError(code, "as it was scripted"));
      const client = house.client({ transport: () => Promise.reject(left.shift()) });
      const error = await call(client).catch((thrown: unknown) => thrown as KvError);
      found.push(
        [`error of ${says}`, (error as KvError).code, code],
        [`${says} may be applied`, (error as KvError).applied, applied],
      );
    }
    return differences(found);
  },
};

/** In this order. */
export const LISTED: readonly ExactCall[] = [
  APPLIED,
  UNHEARD,
  LETTERS,
  LATER_LETTER,
  HARMED,
  AWAY,
  OPEN,
];
