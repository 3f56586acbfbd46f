/**
 * Goal: the published shape and its irregularities load (NS-1); whatever does not, is refused with place, found and
 * wanted, all of it at once (NS-2). Method: texts, and the lines that a user would be shown.
 */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from "../../src/model/time.ts";
import { problemLine } from "../../src/namespace/config-problem.ts";
import type { NamespaceConfig } from "../../src/namespace/namespace-config.ts";
import { readNamespaces } from "../../src/namespace/read-namespaces.ts";
import { NGSEGMENT } from "./ngsegment.ts";

function loaded(text: string, fileName?: string): readonly NamespaceConfig[] {
  const reading = readNamespaces(text, fileName);
  if (reading.kind === "ok") return reading.namespaces;
  throw new Error(reading.problems.map((one) => problemLine(one, "f")).join("\n"));
}

/** What a user is shown, without the file's name. */
function refusal(text: string, fileName?: string): readonly string[] {
  const reading = readNamespaces(text, fileName);
  return reading.kind === "ok"
    ? []
    : reading.problems.map((one) => problemLine(one, "").replace(/^:/, ""));
}

const MEMORY = "{ id: PRIMARY_STORAGE, physical_storage: { type: MEMORY, cluster: m } }";

describe("the published example", () => {
  const ngsegment = {
    options: { name: "ngsegment", table: "ngsegment", descending: false },
    consistency: { scope: "LOCAL", target: "READ_YOUR_WRITES", regions: 1 },
    aliases: [],
    primary: {
      type: "CASSANDRA",
      cluster: "cassandra_kv_ngsegment",
      dataset: "ngsegment",
      table: "ngsegment",
      regions: ["us-east-1"],
    },
    cache: { type: "CACHE", cluster: "evcache_kv_ngsegment", defaultTtl: 180 * SECOND },
  };

  test("loads as printed, without braces", () => {
    expect(loaded(NGSEGMENT)).toMatchObject([ngsegment]);
  });

  test.each([
    ["with braces", `{${NGSEGMENT}}`],
    ["with tabs", NGSEGMENT.replaceAll("  ", "\t")],
    ["on one line", NGSEGMENT.replaceAll(/\s+/g, " ")],
    ["after a comment", `# ngsegment\n${NGSEGMENT}`],
    ["with its TTL quoted", NGSEGMENT.replace("180s", '"180s"')],
    ["as the wrapper of another post has it", NGSEGMENT.replace("configuration", "configurations")],
    [
      "in camelCase",
      NGSEGMENT.replaceAll(/_([a-z])(?=[a-z_]*")/g, (_, letter) => letter.toUpperCase()),
    ],
    ["in a list", `namespaces: [{${NGSEGMENT}}]`],
  ])("loads %s", (_how, text) => {
    const found = loaded(
      text
        .replaceAll("cassandraKvNgsegment", "cassandra_kv_ngsegment")
        .replaceAll("evcacheKvNgsegment", "evcache_kv_ngsegment"),
    );
    expect(found).toMatchObject([ngsegment]);
  });

  test("says where it is wrong, also without braces", () => {
    expect(refusal(NGSEGMENT.replace("180s", "180"))).toEqual([
      "23:29: persistence_configuration[1].config.default_cache_ttl is 180, " +
        "wanted a duration such as 10ms, 180s, 1h or 7d",
    ]);
  });
});

test("every field arrives", () => {
  const [config] = loaded(`
namespaces:
  - name: profiles_20261124
    aliases: [profiles]
    order: descending
    max_value_bytes: 256MiB
    rows_per_call_max: "500"
    tokens: { max_age: 30m, maxDrift: 2s }
    lifecycle: { default_ttl: 90d, retention: 2d, longest_apply: 1d, delete_jitter: 1.5h }
    slos:
      GetItems: { latency: { target: 10ms, max: 500ms } }
      put_items: { latency: { target: 20ms, max: 1s } }
    chunking: { above_bytes: 512KiB, chunk_bytes: 65536, grace: 5m, whole_bytes_max: 8MiB }
    compression: { codec: zstd, min_bytes: 200, dictionary: profiles }
    persistence_configuration:
      - id: PRIMARY_STORAGE
        physical_storage: { type: CASSANDRA, cluster: c1, dataset: kv, table: profiles_1, regions: [eu-west-1] }
        config: { consistency_scope: LOCAL, consistency_target: EVENTUAL }
      - id: CHUNK_STORAGE
        physical_storage: { type: DYNAMODB, cluster: d1 }
      - id: SHADOW_STORAGE
        physical_storage: { type: ROCKSDB, cluster: r1, config: { write: true, read: 2.5% } }
`);
  expect(config).toEqual({
    options: {
      name: "profiles_20261124",
      table: "profiles_1",
      descending: true,
      maxValueBytes: 256 * 1024 ** 2,
      rowsPerCallMax: 500,
      defaultTtlMicros: 90 * DAY,
      retentionMicros: 2 * DAY,
      applyMicrosMax: DAY,
      deleteJitterMicros: 90 * MINUTE,
      tokens: { maxAge: HOUR / 2, maxDrift: 2 * SECOND },
    },
    consistency: { scope: "LOCAL", target: "EVENTUAL", regions: 1 },
    aliases: ["profiles"],
    primary: {
      type: "CASSANDRA",
      cluster: "c1",
      dataset: "kv",
      table: "profiles_1",
      regions: ["eu-west-1"],
    },
    chunks: { type: "DYNAMODB", cluster: "d1", table: "profiles_1_chunks", regions: [] },
    shadow: {
      type: "ROCKSDB",
      cluster: "r1",
      table: "profiles_1",
      regions: [],
      write: true,
      wait: 0,
      readPerMillion: 25_000,
    },
    slos: {
      get_items: { target: 10 * MILLISECOND, max: 500 * MILLISECOND },
      put_items: { target: 20 * MILLISECOND, max: SECOND },
    },
    chunking: {
      aboveBytes: 512 * 1024,
      chunkBytes: 65_536,
      graceMicros: 5 * MINUTE,
      wholeBytesMax: 8 * 1024 ** 2,
    },
    compression: { codec: "zstd", minBytes: 200, dictionary: "profiles" },
  });
});

describe("a name", () => {
  const one = (storage: string, name = ""): string =>
    `${name}\npersistence_configuration: [{ id: PRIMARY_STORAGE, physical_storage: { type: MEMORY, cluster: m${storage} } }]`;

  test.each([
    ["its own", one(", table: tables, dataset: datasets", "name: names"), "names"],
    ["its table's", one(", table: tables, dataset: datasets"), "tables"],
    ["its dataset's", one(", dataset: datasets"), "datasets"],
    ["its file's", one(""), "files"],
  ])("is %s", (_whose, text, name) => {
    expect(loaded(text, "files")[0]?.options.name).toBe(name);
  });

  test("must be one", () => {
    expect(refusal(one(""))).toEqual([
      "1:1: name is missing, wanted a lower-case word of 3 to 41 letters, digits and _, not kvdal_log, " +
        "from name, table, dataset or the file's name",
    ]);
    expect(refusal(one("", "name: Profiles"))[0]).toMatch(
      /^1:7: name is "Profiles", wanted a lower/,
    );
  });
});

/** For each anchor nine aliases of the one before it. */
const ALL: readonly string[] = ["", ...Array.from("abcdefghi")].map((name) =>
  Array.from({ length: 9 }, () => (name === "" ? "x" : `*${name}`)).join(", "),
);

describe("a flaw", () => {
  const fields = (text: string): string =>
    `name: abc\n${text}\npersistence_configuration: [${MEMORY}]`;
  const tiers = (text: string): string => `name: abc\npersistence_configuration: [${text}]`;

  test.each([
    [
      "a word",
      fields("order: descnding"),
      '2:8: order is "descnding", wanted ascending or descending; did you mean descending?',
    ],
    [
      "a key",
      fields("lifecycle: { retentoin: 2d }"),
      "2:14: lifecycle.retentoin is an unknown key, wanted a known one; did you mean retention?",
    ],
    [
      "a strange key",
      fields("colour: red"),
      /^2:1: colour is an unknown key, wanted one of name, aliases, /,
    ],
    ["a key that every object has", fields("__proto__: 1"), /^2:1: __proto__ is an unknown key, /],
    ["a kind", fields("tokens: 7"), "2:9: tokens is 7, wanted a group of keys"],
    [
      "a size",
      fields("max_value_bytes: 64KB"),
      '2:18: max_value_bytes is "64KB", wanted a number of bytes such as 65536, 64KiB or 1MiB',
    ],
    [
      "a duration without unit",
      fields("lifecycle: { default_ttl: 60 }"),
      /^2:27: lifecycle\.default_ttl is 60, wanted a duration/,
    ],
    [
      "a retention below the window and the longest apply",
      fields("lifecycle: { retention: 2h, longest_apply: 1h }"),
      "2:25: lifecycle.retention is 2h, wanted at least tokens.max_age + tokens.max_drift + lifecycle.longest_apply = 7205s (DEL-5)",
    ],
    [
      "a longest apply of next to nothing",
      fields("lifecycle: { longest_apply: 59s }"),
      "2:29: lifecycle.longest_apply is 59s, wanted at least a minute",
    ],
    [
      "a retention below the window",
      fields("lifecycle: { retention: 1h }"),
      "2:25: lifecycle.retention is 1h, wanted at least tokens.max_age + tokens.max_drift + a minute = 3665s (DEL-5)",
    ],
    [
      "a target over max",
      fields("slos: { put_items: { latency: { target: 2s, max: 1s } } }"),
      "2:41: slos.put_items.latency.target is 2s, wanted at most max, 1s",
    ],
    [
      "a key twice",
      fields("max_value_bytes: 5\nmaxValueBytes: 6"),
      "3:1: maxValueBytes is there twice, wanted each key once, in one spelling",
    ],
    [
      "no primary",
      tiers(""),
      "2:28: persistence_configuration is without a primary, wanted a tier with id PRIMARY_STORAGE",
    ],
    [
      "two primaries",
      tiers(`${MEMORY}, ${MEMORY}`),
      /^2:108: persistence_configuration\[1\]\.id is a second PRIMARY_STORAGE/,
    ],
    [
      "no tier of ours",
      tiers("{ id: INDEX_STORAGE }"),
      /^2:35: persistence_configuration\[0\]\.id is "INDEX_STORAGE", wanted PRIMARY_STORAGE, CACHE/,
    ],
    [
      "a config twice",
      tiers(
        "{ id: PRIMARY_STORAGE, config: { consistency_target: EVENTUAL }, physical_storage: { type: MEMORY, cluster: m, config: { consistency_target: READ_YOUR_WRITES } } }",
      ),
      /config\.consistency_target is there twice/,
    ],
    [
      "a shadow in the primary's place",
      tiers(`${MEMORY}, { id: SHADOW_STORAGE, physical_storage: { type: MEMORY, cluster: m } }`),
      /is the primary's own table, wanted another cluster/,
    ],
    [
      "a chunk table of its own name",
      tiers(
        `${MEMORY}, { id: CHUNK_STORAGE, physical_storage: { type: MEMORY, cluster: n, table: x } }`,
      ),
      /table is "x", wanted abc_chunks$/,
    ],
    ["no YAML", "a: [1", /^1:6: document is no YAML: /],
    ["nothing", "", "1:1: document is empty, wanted a group of keys"],
    ["no list", "namespaces: 7", "1:13: namespaces is 7, wanted a list of namespaces"],
    [
      "something beside the list",
      "namespaces: []\nname: abc",
      "2:1: name is beside namespaces, wanted it in one of the namespaces",
    ],
  ])("in %s is told", (_what, text, wanted) => {
    const [line, ...others] = refusal(text);
    expect(others).toEqual([]);
    if (typeof wanted === "string") expect(line).toBe(wanted);
    else expect(line).toMatch(wanted);
  });

  test.each([
    ["itself", "a: &a [*a, *a]"],
    [
      "anchors upon anchors",
      Array.from("abcdefghij")
        .map((name, i) => `${name}: &${name} [${ALL[i]}]`)
        .join("\n"),
    ],
  ])("in aliases of %s is told, not followed to its end", (_what, text) => {
    expect(refusal(text)).toEqual([
      expect.stringMatching(/ is more than 100000 values, wanted fewer, what aliases stand for /),
    ]);
  });

  test("is no anchor that many namespaces share", () => {
    const entry = (_: unknown, i: number): string =>
      `  - { name: abc_${i}, persistence_configuration: ${i === 0 ? `&tiers [${MEMORY}]` : "*tiers"} }`;
    const text = ["namespaces:", ...Array.from({ length: 150 }, entry)].join("\n");
    expect(loaded(text)).toHaveLength(150);
  });

  test("does not hide another", () => {
    const lines = refusal(`
namespaces:
  - { name: abc, ordr: x, tokens: { max_age: 1 }, persistence_configuration: [{ id: CACH }] }
  - { name: def, aliases: [ghi], lifecycle: { retention: 1s }, persistence_configuration: [${MEMORY}] }
  - { name: ghi, persistence_configuration: [{ id: PRIMARY_STORAGE, physical_storage: { type: MEMORY, cluster: m, table: def } }] }
`);
    expect(lines.map((line) => line.split(" ")[1])).toEqual([
      "namespaces[0].ordr",
      "namespaces[0].tokens.max_age",
      "namespaces[0].persistence_configuration[0].id",
      "namespaces[1].lifecycle.retention",
      "namespaces[2].name",
      "namespaces[2].persistence_configuration",
      "namespaces[2].persistence_configuration",
    ]);
  });
});

const piece = fc.constantFrom(
  ...NGSEGMENT.split(/(?=[{}[\]:,\n])/),
  "&a",
  "*a",
  "<<: *a",
  "!!x",
  "- ",
);

test.prop([fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 })])(
  "no text makes it throw",
  (parts) => {
    expect(["ok", "refused"]).toContain(readNamespaces(parts.join("")).kind);
  },
);
