/** Calls about rows and engines that are not as this release leaves them: older, damaged, or at fault. */
import {
  type Applied,
  compareVersions,
  decodeVersion,
  encodeVersion,
  ERROR_CODES,
  ERROR_TABLE,
  fromHex,
  itemBytes,
  type KvErrorCode,
  matchKeys,
  matchRange,
  micros,
  prefixEnd,
  type Retry,
  utf8,
  type Version,
} from "kvdal";
import type { KvClient } from "kvdal/client";
import { isNewer } from "kvdal/engine";
import { difference, differences, tableDifference } from "./difference.ts";
import type { Asked, ExactCall } from "./exact-call.ts";
import { changed, House, HOUSE, refusedWith } from "./house.ts";

const ID = "raw";
const KEY = utf8("k");

/** "a", "b" and "c". */
const THREE = ["61", "62", "63"];

/** A house with one record of these keys, in hexadecimal; their values are of no importance. */
async function houseOf(
  asked: Asked,
  texts: readonly string[],
): Promise<{
  readonly house: House;
  readonly client: KvClient;
  readonly keys: readonly Uint8Array[];
}> {
  const house = await House.open(asked);
  const client = house.client();
  const keys = texts.map(fromHex);
  const items = keys.map((key) => ({ key, value: KEY }));
  await client.putItems({ namespace: HOUSE, id: ID, items, token: asked.token() });
  return { house, client, keys };
}

const METADATA: ExactCall = {
  rule: "DATA-5",
  says: "what is noted of an item in the first format, and in none that is known",
  ask: async (asked) => {
    const { house, client } = await houseOf(asked, ["6b"]);
    const store = async (metadata: string): Promise<void> => {
      const [row] = await house.rows(HOUSE, ID);
      await house.write(HOUSE, ID, [changed(row!, { metadata: fromHex(metadata) })]);
    };
    const read = async (): Promise<unknown> =>
      (await client.getItems({ namespace: HOUSE, id: ID })).items[0]?.metadata.content;
    // Format 1: flags for type and note, two bytes of the type's length, type, note.
    const [type, note] = ["abc", utf8("de")];
    const known: readonly (readonly [string, unknown])[] = [
      ["010300036162636465", { type, note }],
      ["01010003616263", { type }],
      ["010200006465", { note }],
      ["01000000", undefined],
    ];
    for (const [bytes, content] of known) {
      await store(bytes);
      const flaw = difference(await read(), content);
      if (flaw !== undefined) return `${bytes}: ${flaw}`;
    }
    for (const bytes of [
      "03",
      "0220",
      "020803",
      "0201",
      "0200ff",
      "020403",
      "02040305",
      "020402ffffffffffffffff7f",
      "020101ff",
    ]) {
      await store(bytes);
      const flaw = await refusedWith("DATA_LOSS", read);
      if (flaw !== undefined) return `${bytes}: ${flaw}`;
    }
    return undefined;
  },
};

/** One that stands still, and one that goes back: neither leads a caller round and round. */
const ENGINE: ExactCall = {
  rule: "PAGE-4",
  says: "an engine that stands still or goes back",
  ask: async (asked) => {
    const { house, client, keys } = await houseOf(asked, THREE);
    const rows = await house.rows(HOUSE, ID);
    const none = { rows: [], rowsExamined: 1 };
    const pages = [
      // Where it was before; before a row that it gave; and with a row that was passed.
      [
        { ...none, resumeAfter: keys[1] },
        { ...none, resumeAfter: keys[1] },
      ],
      [{ rows, rowsExamined: 3, resumeAfter: keys[1] }],
      [
        { ...none, resumeAfter: keys[1] },
        { rows, rowsExamined: 3, resumeAfter: undefined },
      ],
    ];
    for (const [i, script] of pages.entries()) {
      const left = [...script];
      house.instead = { readRange: async () => left.shift()! };
      const read = (): Promise<unknown> => client.getItems({ namespace: HOUSE, id: ID });
      const flaw = await refusedWith("INTERNAL", read, "past 6");
      if (flaw !== undefined) return `script ${i}: ${flaw}`;
    }
    return undefined;
  },
};

/** Where keys are asked for one by one. */
const KEYS: ExactCall = {
  rule: "PAGE-4",
  says: "an engine that answers for keys before a page, or for some of them",
  ask: async (asked) => {
    const { house, client, keys } = await houseOf(asked, THREE);
    const rows = await house.rows(HOUSE, ID);
    const selection = { pageSizeBytes: 1 };
    const read = { namespace: HOUSE, id: ID, predicate: matchKeys(...keys), selection };
    const { nextPageToken: pageToken } = await client.getItems(read);
    const next = (): Promise<unknown> => client.getItems({ ...read, pageToken });
    const whole = { rows, rowsExamined: 3 };
    house.instead = { readKeys: async () => ({ ...whole, resumeAfter: undefined }) };
    const back = await refusedWith("INTERNAL", next, "past 61");
    house.instead = {
      readKeys: async () => ({ ...whole, rows: rows.slice(1), resumeAfter: keys[1] }),
    };
    return back ?? (await refusedWith("INTERNAL", next, "answered some of"));
  },
};

/** All keys that begin alike, and no other, also where nothing sorts after them. */
const PREFIXES: ExactCall = {
  rule: "GET-1",
  says: "ranges of all keys with a prefix, and deletions of ranges without an end",
  ask: async (asked) => {
    const { client } = await houseOf(asked, ["70", "70ff", "70ff00", "70ffff", "71", "ff", "ff01"]);
    const counts: number[] = [];
    for (const prefix of ["70", "70ff", "ff", ""].map(fromHex)) {
      const predicate = matchRange(prefix, prefixEnd(prefix));
      counts.push((await client.getItems({ namespace: HOUSE, id: ID, predicate })).items.length);
    }
    for (const predicate of [matchRange(undefined, utf8("q")), matchRange(undefined, undefined)]) {
      await client.deleteItems({ namespace: HOUSE, id: ID, predicate, token: asked.token() });
      counts.push((await client.getItems({ namespace: HOUSE, id: ID })).items.length);
    }
    return differences([
      ["keys that begin with 70", counts[0], 4],
      ["keys that begin with 70ff", counts[1], 3],
      ["keys that begin with ff", counts[2], 2],
      ["keys that begin with nothing", counts[3], 7],
      ["items left when those before q are deleted", counts[4], 3],
      ["items left when all are deleted", counts[5], 0],
    ]);
  },
};

function throwsRange(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return error instanceof RangeError;
  }
}

/** Bytes and texts that are none are refused, never rounded or taken for something else (TOK-1, TOK-5). */
const VALUES: ExactCall = {
  rule: "TOK-5",
  says: "versions, times and bytes as text, and what is none",
  ask: async () => {
    const nonce = new Uint8Array(16).fill(3);
    const version: Version = { time: 2 ** 53 - 1, rank: 1, expiry: 5, nonce };
    const bytes = encodeVersion(version);
    const at = (place: number, byte: number): Uint8Array => bytes.with(place, byte);
    const refused = [bytes.slice(1), at(8, 3), at(1, 0x20), at(10, 0x20)];
    const texts = ["zz", "abc", "0g"];
    const times = [5n, "12", 2 ** 53 - 1, 2n ** 53n, -1, 1.5, "1.5", -1n];
    const greater = { ...version, nonce: nonce.with(15, 4) };
    const badVersions = refused.map((each) => throwsRange(() => decodeVersion(each)));
    const badTexts = texts.map((text) => throwsRange(() => fromHex(text)));
    const taken = [5, 12, 2 ** 53 - 1, null, null, null, null, null];
    const decoded = compareVersions(decodeVersion(bytes), version);
    return differences([
      ["versions that are none are refused:", badVersions, refused.map(() => true)],
      ["texts that are no bytes are refused:", badTexts, texts.map(() => true)],
      [`times of ${times.join(", ")}:`, times.map((time) => micros(time)), taken],
      ["bytes of an item", itemBytes({ key: KEY, value: nonce }), 17],
      ["a version decoded beside itself", decoded, 0],
      ["a version is newer than itself", isNewer(version, version), false],
      ["one of a greater nonce is newer", isNewer(greater, version), true],
      ["one of a lesser nonce is newer", isNewer(version, greater), false],
    ]);
  },
};

/** As gRPC names them, whether something may have been applied, and whether it may be tried again. */
const FACTS: Readonly<Record<KvErrorCode, readonly [string, Applied, Retry]>> = {
  INVALID_ARGUMENT: ["INVALID_ARGUMENT", "no", "never"],
  TOO_LARGE: ["INVALID_ARGUMENT", "no", "never"],
  TOKEN_FROM_PAST: ["FAILED_PRECONDITION", "no", "never"],
  TOKEN_FROM_FUTURE: ["FAILED_PRECONDITION", "no", "never"],
  NAMESPACE_NOT_FOUND: ["NOT_FOUND", "no", "never"],
  UNSUPPORTED: ["UNIMPLEMENTED", "no", "never"],
  OVERLOADED: ["RESOURCE_EXHAUSTED", "no", "safe"],
  UNAVAILABLE: ["UNAVAILABLE", "no", "safe"],
  DEADLINE_EXCEEDED: ["DEADLINE_EXCEEDED", "unknown", "with-token"],
  OUTCOME_UNKNOWN: ["UNAVAILABLE", "unknown", "with-token"],
  CANCELLED: ["CANCELLED", "unknown", "with-token"],
  DATA_LOSS: ["DATA_LOSS", "no", "never"],
  INTERNAL: ["INTERNAL", "unknown", "never"],
};

const ERRORS: ExactCall = {
  rule: "ERR-1",
  says: "the status of gRPC that each error travels as, and what may be concluded and done",
  ask: async () => {
    const found = ERROR_CODES.map((code) => {
      const { grpc, applied, retry } = ERROR_TABLE[code];
      return [grpc, applied, retry];
    });
    const columns = ["status", "applied", "retry"];
    const wanted = ERROR_CODES.map((code) => FACTS[code]);
    return tableDifference({ rows: ERROR_CODES, columns }, found, wanted);
  },
};

/** In this order. */
export const RAW: readonly ExactCall[] = [METADATA, ENGINE, KEYS, PREFIXES, VALUES, ERRORS];
