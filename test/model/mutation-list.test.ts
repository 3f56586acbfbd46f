// Goal: a list is named by its token, its mutations follow each other tick by tick, and no other name is taken.
import { expect, test } from "vitest";
import {
  LIST_KEY_BYTES,
  listKey,
  listToken,
  readRequestId,
  requestIdOf,
  tokenAfter,
} from "../../src/model/mutation-list.ts";
import { errorOf } from "../fakes/error-of.ts";

const token = { generationTime: 1_700_000_000_000_000, nonce: new Uint8Array(16).fill(0xab) };

test("tokenAfter() is a tick later for each place, under one nonce", () => {
  expect(tokenAfter(token, 0)).toEqual(token);
  expect(tokenAfter(token, 3)).toEqual({ ...token, generationTime: token.generationTime + 3 });
});

test("listKey() sorts by time, and listToken() reads it", () => {
  expect(listKey(token).length).toBe(LIST_KEY_BYTES);
  expect(listToken(listKey(token))).toEqual(token);
});

test("readRequestId() reads what requestIdOf() made, and refuses all else", () => {
  const id = requestIdOf(token, "users");
  expect(readRequestId(id)).toEqual({ token, namespace: "users" });
  for (const other of [
    "",
    "users",
    `@users`,
    id.slice(1),
    id.split("@")[0]!,
    `${id.slice(0, 48)}@`,
  ]) {
    expect(errorOf(() => readRequestId(other))?.code, other).toBe("INVALID_ARGUMENT");
  }
  const timeless = requestIdOf({ ...token, generationTime: 0 }, "users");
  expect(errorOf(() => readRequestId(timeless))?.code).toBe("INVALID_ARGUMENT");
});
