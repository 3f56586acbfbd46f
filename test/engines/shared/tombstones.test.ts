// Goal: leaving out needless tombstones changes nothing of what is hidden (DEL-4).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  isCovered,
  type RangeTombstone,
  tombstoneOf,
  withTombstone,
} from "../../../src/engines/shared/tombstones.ts";
import { isLive } from "../../../src/engines/shared/visibility.ts";
import { utf8 } from "../../../src/model/bytes.ts";
import { inRange, isEmptyRange } from "../../../src/model/range.ts";
import { compareVersions, deleteVersion, putVersion } from "../../../src/model/version.ts";
import { closeKeys, closeRanges, closeTokens, closeVersions } from "../../model/arbitraries.ts";

const tombstones: fc.Arbitrary<RangeTombstone> = fc
  .record({ range: closeRanges.filter((range) => !isEmptyRange(range)), token: closeTokens(1_000) })
  .map(({ range, token }) => ({ range, version: deleteVersion(token) }));

const lists = fc.array(tombstones, { maxLength: 15 });

function kept(list: readonly RangeTombstone[]): readonly RangeTombstone[] {
  return list.reduce<readonly RangeTombstone[]>(withTombstone, []);
}

test.prop([lists, fc.array(fc.tuple(closeKeys, closeVersions), { minLength: 1, maxLength: 30 })])(
  "withTombstone() covers what the plain list covers",
  (list, writes) => {
    const short = kept(list);
    expect(short.length).toBeLessThanOrEqual(list.length);
    for (const [key, version] of writes) {
      const plain = list.some(
        (one) => inRange(one.range, key) && compareVersions(version, one.version) <= 0,
      );
      expect(isCovered(short, key, version)).toBe(plain);
    }
  },
);

test.prop([lists, tombstones])("withTombstone() of a repeat is the list itself", (list, one) => {
  const short = kept([...list, one]);
  expect(withTombstone(short, one)).toBe(short);
});

test.prop([lists])(
  "withTombstone() of a newer deletion of everything leaves that alone",
  (list) => {
    const version = deleteVersion({ generationTime: 9_999, nonce: new Uint8Array(16) });
    const all = tombstoneOf({ kind: "delete_record", version });
    expect(withTombstone(kept(list), all)).toEqual([all]);
    expect(kept([all, ...list])).toEqual([all]);
  },
);

test("withTombstone() takes a start at the empty key for an open one, and not so an end", () => {
  const version = deleteVersion({ generationTime: 5, nonce: new Uint8Array(16) });
  const open = { range: { end: utf8("m") }, version };
  const empty = { range: { start: utf8(""), end: utf8("m") }, version };
  expect(withTombstone([open], empty)).toEqual([open]);
  expect(withTombstone([empty], open)).toEqual([empty]);
  const endless = { range: {}, version };
  expect(withTombstone([empty], endless)).toEqual([endless]);
});

test.prop([closeKeys, closeVersions, lists, fc.constantFrom(0, 1_999, 2_000, 2_001, 2 ** 40)])(
  "isLive() is a put that has not expired and that nothing covers",
  (key, version, list, now) => {
    const wanted =
      version.rank !== 2 &&
      (version.expiry === 0 || now < version.expiry) &&
      !isCovered(list, key, version);
    expect(isLive(key, version, list, now)).toBe(wanted);
  },
);

test("isCovered() lets a deletion win over a put of its very token, and lose to the next", () => {
  const token = { generationTime: 5, nonce: new Uint8Array(16).fill(9) };
  const list = [{ range: {}, version: deleteVersion(token) }];
  expect(isCovered(list, utf8("k"), putVersion(token, 0))).toBe(true);
  expect(isCovered(list, utf8("k"), putVersion(token, 99))).toBe(true);
  expect(isCovered(list, utf8("k"), putVersion({ ...token, generationTime: 6 }, 0))).toBe(false);
});
