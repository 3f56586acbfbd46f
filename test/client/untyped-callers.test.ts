// Goal: what callers without types hand over is refused before anything is stored, and not stored as other bytes or
// taken for something else (DATA-3, DATA-4, ERR-3); a Node Buffer is a byte string, and stays its caller's.
import { describe, expect, test } from "vitest";
import { createClient, type KvClient } from "../../src/client/kv-client.ts";
import { fromUtf8, utf8 } from "../../src/model/bytes.ts";
import { matchRange } from "../../src/model/predicate.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { chunkStage } from "../service/chunk-stage.ts";

const at = { namespace: "users", id: "r" };
const key = utf8("k");
const value = utf8("v");

/** What somebody passes where the types want something else. */
const untyped = (what: unknown): never => what as never;

async function clientStage(): Promise<KvClient> {
  const { env, handle } = await chunkStage();
  return createClient({ env, transport: inProcess({ handle }, env) });
}

const found = async (client: KvClient): Promise<readonly string[]> =>
  (await client.getItems(at)).items.map((item) => `${fromUtf8(item.key)}=${fromUtf8(item.value)}`);

type Call = (client: KvClient) => Promise<unknown>;
const put =
  (item: object, more: object = {}): Call =>
  (client) =>
    client.putItems({ ...at, ...more, items: [untyped({ key, value, ...item })] });
const drop =
  (input: object): Call =>
  (client) =>
    client.deleteItems(untyped({ ...at, ...input }));

const REFUSED: readonly (readonly [what: string, call: Call])[] = [
  ["a text for a value", put({ value: "hello" })],
  ["nothing for a value", put({ value: null })],
  ["a text for a note", put({ content: { note: "hello" } })],
  ["a number for a type", put({ content: { type: 5 } })],
  ["a list for a type", put({ content: { type: ["t"] } })],
  ["a text for the content", put({ content: "text/plain" })],
  ["null for an item", (client) => client.putItems({ ...at, items: [untyped(null)] })],
  ["a number for a condition", put({}, { ifAbsent: 1 })],
  ["no items", (client) => client.putItems(untyped(at))],
  ["no mutations", (client) => client.mutateItems(untyped({}))],
  [
    "a stream of buffers of arrays",
    (client) => client.putValue({ ...at, key }, [untyped(new ArrayBuffer(5))]),
  ],
  ["a stream of texts", (client) => client.putValue({ ...at, key }, [untyped("text")])],
  ["a text for the start of a range", drop({ predicate: matchRange(untyped("m")) })],
  ["null for the start of a range", drop({ predicate: matchRange(untyped(null)) })],
  ["two bounds in a list for a range", drop({ predicate: { kind: "match_range", range: [key] } })],
  ["bounds by other names", drop({ predicate: { kind: "match_range", range: { from: key } } })],
  ["a text for a range", drop({ predicate: { kind: "match_range", range: "k" } })],
  ["no range for a range", drop({ predicate: { kind: "match_range" } })],
  ["null for a predicate", drop({ predicate: null })],
  ["no keys for keys", drop({ predicate: { kind: "match_keys" } })],
  ["null for a page token", (client) => client.getItems({ ...at, pageToken: untyped(null) })],
  [
    "a text for a scan's page token",
    (client) => client.scanItems({ namespace: "users", pageToken: untyped("token") }),
  ],
  [
    "a controller for a signal",
    (client) => client.getItems(at, { signal: untyped(new AbortController()) }),
  ],
  ["another kind of predicate", drop({ predicate: { kind: "match_prefix", prefix: key } })],
  ["a predicate of no kind", drop({ predicate: { keys: [key] } })],
  ["a number for an id", drop({ id: 5 })],
  ["half a token", drop({ token: { generationTime: 1, nonce: undefined } })],
  [
    "a text for a direction",
    (client) => client.getItems({ ...at, selection: { reverse: untyped("false") } }),
  ],
];

describe("a caller without types", () => {
  test.each(REFUSED)("is refused %s", async (_what, call) => {
    const client = await clientStage();
    await client.putItems({ ...at, items: [{ key: utf8("a"), value }] });
    expect(await rejectionOf(call(client))).toMatchObject({
      code: "INVALID_ARGUMENT",
      applied: "no",
    });
    expect(await found(client)).toEqual(["a=v"]);
  });
});

test("a Buffer stays its caller's, who may use it again once the put is acknowledged", async () => {
  const client = await clientStage();
  const [name, bytes] = [Buffer.from("k"), Buffer.from("hello")];
  await client.putItems({ ...at, items: [{ key: name, value: bytes }] });
  name.fill(0x7a);
  bytes.fill(0x7a);
  expect(await found(client)).toEqual(["k=hello"]);
});
