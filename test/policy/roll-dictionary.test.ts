// Goal: what may follow what among a namespace's dictionaries, whatever is done in whatever order (COMP-3).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { DictionaryVersion } from "../../src/model/dictionary.ts";
import {
  currentOf,
  withCurrent,
  withNew,
  without,
  withRetired,
} from "../../src/policy/roll-dictionary.ts";
import { errorOf } from "../fakes/error-of.ts";

type Versions = readonly DictionaryVersion[];

const gain = { samples: 1, originalBytes: 3, plainBytes: 2, dictionaryBytes: 1 };
const made = (namespace: string, id: string) => ({ namespace, id, bytes: 9, addedAt: 1, gain });
const added = (...ids: readonly string[]): Versions =>
  ids.reduce<Versions>((versions, id) => withNew(versions, made("n", id)), []);
const states = (versions: Versions): string =>
  versions.map(({ id, state }) => `${id} ${state}`).join(", ");

test("a dictionary is new, current, old, retired and gone", () => {
  let versions = added("a", "b");
  expect([states(versions), currentOf(versions, "n")]).toEqual(["a new, b new", undefined]);
  versions = withCurrent(versions, "n", "a");
  expect(states(versions)).toBe("a current, b new");
  versions = withCurrent(versions, "n");
  expect(states(versions)).toBe("a old, b current");
  versions = withRetired(versions, "n", "a");
  expect(states(versions)).toBe("a retired, b current");
  versions = without(versions, "n", "a");
  expect(states(versions)).toBe("b current");
});

test("withCurrent() takes the newest that is new, and an old one when it is named", () => {
  const rolled = withCurrent(added("a", "b", "c"), "n");
  expect(states(rolled)).toBe("a new, b new, c current");
  expect(states(withCurrent(withCurrent(rolled, "n", "a"), "n", "c"))).toBe(
    "a old, b new, c current",
  );
});

test("withNew() leaves a version with the same content as it is", () => {
  const rolled = withCurrent(added("a"), "n");
  expect(withNew(rolled, made("n", "a"))).toBe(rolled);
  expect(states(withNew(rolled, made("other", "a")))).toBe("a current, a new");
});

test("namespaces do not touch each other", () => {
  const both = withNew(added("a"), made("other", "a"));
  const rolled = withCurrent(withCurrent(both, "n"), "other");
  expect(states(rolled)).toBe("a current, a current");
  expect(states(withRetired(rolled, "other", "a"))).toBe("a current, a retired");
});

const retired = withRetired(added("a"), "n", "a");
const refusals: readonly (readonly [string, () => unknown, string])[] = [
  ["nothing new", () => withCurrent([], "n"), "namespace n has no dictionaries"],
  ["nothing new left", () => withCurrent(retired, "n"), "the dictionaries a (retired), wanted one"],
  ["an unknown id", () => withCurrent(added("a"), "n", "b"), "no dictionary b: namespace n has"],
  ["an id of another", () => withRetired(added("a"), "m", "a"), "namespace m has no dictionaries"],
  ["a retired one", () => withCurrent(retired, "n", "a"), "a of namespace n is retired, wanted"],
  ["removing a new one", () => without(added("a"), "n", "a"), "is new, wanted one that is retired"],
];

test.each(refusals)("refuses %s", (_what, step, says) => {
  const error = errorOf(step);
  expect(error?.code).toBe("INVALID_ARGUMENT");
  expect(error?.message).toContain(says);
});

const step = fc.record({
  verb: fc.constantFrom("new", "current", "newest", "retire", "remove"),
  id: fc.constantFrom("a", "b", "c"),
});

test.prop([fc.array(step, { maxLength: 20 })])(
  "whatever is done, one is current at most, and none comes back from retirement",
  (steps) => {
    let versions: Versions = [];
    for (const { verb, id } of steps) {
      const before = versions;
      errorOf(() => {
        if (verb === "new") versions = withNew(versions, made("n", id));
        if (verb === "current") versions = withCurrent(versions, "n", id);
        if (verb === "newest") versions = withCurrent(versions, "n");
        if (verb === "retire") versions = withRetired(versions, "n", id);
        if (verb === "remove") versions = without(versions, "n", id);
      });
      expect(versions.filter(({ state }) => state === "current").length).toBeLessThanOrEqual(1);
      for (const { id, state } of before) {
        const after = versions.find((one) => one.id === id);
        if (state === "retired") expect([undefined, "retired"]).toContain(after?.state);
        else expect(after).toBeDefined();
      }
    }
  },
);
