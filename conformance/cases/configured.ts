/** Namespaces from a configuration: its shape, its flaws, and its changes while servers run (NS-1, NS-2, NS-3, NS-5, NS-6). */
import { holds, itemsAre, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** The published example, as printed: a JSON object without its braces, and a duration without quotes. */
const NGSEGMENT = `"persistence_configuration":[
  {
    "id":"PRIMARY_STORAGE",
    "physical_storage": {
      "type":"CASSANDRA",
      "cluster":"cassandra_kv_ngsegment",
      "dataset":"ngsegment",
      "table":"ngsegment",
      "regions": ["us-east-1"],
      "config": {
        "consistency_scope": "LOCAL",
        "consistency_target": "READ_YOUR_WRITES"
      }
    }
  },
  {
    "id":"CACHE",
    "physical_storage": {
      "type":"CACHE",
      "cluster":"evcache_kv_ngsegment"
     },
     "config": {
       "default_cache_ttl": 180s
     }
  }
]
`;

/** A copy of everything on another cluster, waited for: whoever has an answer finds its write in both. */
const shadowAt = (cluster: string, config: Readonly<Record<string, unknown>> = {}) => ({
  SHADOW_STORAGE: { type: "MEMORY", cluster, config: { wait: "10s", ...config } },
});

async function accepted(
  store: ConformanceStore,
  wish: Parameters<ConformanceStore["configure"]>[0],
) {
  same("refused of the configuration", await store.configure(wish), []);
}

/** Cases of this topic. */
export const configuredCases: readonly ConformanceCase[] = [
  {
    id: "configured/published-example",
    rules: ["NS-1"],
    title: "The published example, as it is printed, is a namespace that can be written and read.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      const text = NGSEGMENT.replaceAll('"ngsegment"', `"${store.namespace("ngsegment")}"`);
      await accepted(store, text);
      const record = store.record("r", { namespace: "ngsegment" });
      await record.put("k", "v");
      itemsAre("the record", await record.read(), [["k", "v"]]);
    },
  },
  {
    id: "configured/irregular-shapes",
    rules: ["NS-1", "DATA-2", "TTL-1"],
    title:
      "Keys in camelCase, quoted numbers and a config beside its storage mean what the regular shape means.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await accepted(
        store,
        `namespaces:
  - name: ${store.namespace("odd")}
    order: descending
    rowsPerCallMax: "100"
    lifecycle: { defaultTtl: 10s }
    persistenceConfigurations:
      - id: PRIMARY_STORAGE
        physicalStorage: { type: MEMORY, cluster: main }
        config: { consistencyScope: LOCAL, consistency_target: READ_YOUR_WRITES }
      - { id: CACHE, physical_storage: { type: EVCACHE, cluster: c, config: { default_cache_ttl: 3m } } }
`,
      );
      const record = store.record("r", { namespace: "odd" });
      for (const key of ["a", "b"]) await record.put(key, key, { at: 0 });
      itemsAre("descending", await record.read(), [
        ["b", "b"],
        ["a", "a"],
      ]);
      store.clock.advance(10_000_000);
      itemsAre("after the default time to live", await record.read(), []);
    },
  },
  {
    id: "configured/every-flaw-told",
    rules: ["NS-2"],
    title:
      "Every flaw of a configuration is told with its place, what was found and what is wanted.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await accepted(store, { kept: {} });
      const lines = await store.configure(
        `namespaces:
  - name: ${store.namespace("flawed")}
    ordr: descending
    lifecycle: { retention: 1h }
    persistence_configuration:
      - id: PRIMARY_STORAGE
        physical_storage: { type: CASANDRA, cluster: main }
`,
      );
      const wanted = [
        [":3:5: ", "namespaces[0].ordr", "unknown key", "order"],
        [
          ":7:35: ",
          "namespaces[0].persistence_configuration[0].physical_storage.type",
          '"CASANDRA"',
          "CASSANDRA",
        ],
      ];
      same("number of flaws", lines.length, wanted.length);
      for (const [i, parts] of wanted.entries()) {
        for (const part of parts) {
          holds(`line ${i + 1}`, lines[i]?.includes(part) === true, lines[i], `one with ${part}`);
        }
      }
      await store.record("r", { namespace: "kept" }).put("k", "v");
      await refused(
        "a write",
        store.record("r", { namespace: "flawed" }).put("k", "v"),
        "NAMESPACE_NOT_FOUND",
      );
    },
  },
  {
    id: "configured/move",
    rules: ["NS-3", "NS-6"],
    title:
      "A namespace whose data were copied by a shadow moves to another cluster, and no client changes.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await accepted(store, { moving: { storage: { cluster: "spare" }, tiers: shadowAt("main") } });
      const record = store.record("r", { namespace: "moving" });
      for (const key of ["a", "b", "c", "d"]) await record.put(key, "old");
      await record.put("b", "new");
      await record.deleteKeys(["c"]);
      const first = await record.page({ selection: { pageSizeBytes: 1 } });
      await accepted(store, { moving: {} });
      itemsAre("after the move", await record.read(), [
        ["a", "old"],
        ["b", "new"],
        ["d", "old"],
      ]);
      const rest = await record.page({ selection: { pageSizeBytes: 1 } }, first.nextPageToken);
      itemsAre("a traversal over the move", rest.items, [["b", "new"]]);
      await record.put("e", "moved");
      const other = store.record("r", { namespace: "moving", client: store.second });
      itemsAre("at the other server", (await other.read()).slice(-1), [["e", "moved"]]);
    },
  },
  {
    id: "configured/chunks-elsewhere",
    rules: ["CHUNK-1", "NS-3"],
    title:
      "Chunks may lie on another cluster than their items; without it small values still come and go.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      const chunksAt = (cluster: string) => ({
        tiers: { CHUNK_STORAGE: { type: "MEMORY", cluster } },
        fields: { chunking: { above_bytes: 64, chunk_bytes: 16 } },
      });
      await accepted(store, { apart: chunksAt("spare"), torn: chunksAt("broken") });
      const large = "0123456789".repeat(30);
      for (const client of [store.client, store.plain]) {
        const record = store.record("r", { namespace: "apart", client });
        await record.put("k", large);
        itemsAre("a large value", await record.read(), [["k", large]]);
      }
      const torn = store.record("r", { namespace: "torn" });
      await torn.put("k", "small");
      await refused("a large value without its cluster", torn.put("k", large), "UNAVAILABLE", "no");
      itemsAre("the item", await torn.read(), [["k", "small"]]);
    },
  },
  {
    id: "configured/come-and-go",
    rules: ["NS-5"],
    title:
      "Running servers take up new, changed and removed namespaces, and keep the others' data.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await accepted(store, { one: {}, two: {} });
      const [one, two, three] = ["one", "two", "three"].map((namespace) =>
        store.record("r", { namespace }),
      ) as [
        ReturnType<typeof store.record>,
        ReturnType<typeof store.record>,
        ReturnType<typeof store.record>,
      ];
      await one.put("k", "v");
      await refused("before it is there", three.put("k", "v"), "NAMESPACE_NOT_FOUND", "no");
      await accepted(store, { one: { fields: { lifecycle: { default_ttl: "5s" } } }, three: {} });
      await three.put("k", "v");
      itemsAre("the new one", await three.read(), [["k", "v"]]);
      await refused("after it is gone", two.read(), "NAMESPACE_NOT_FOUND");
      await one.put("l", "short", { at: 0 });
      itemsAre("the changed one", await one.read(), [
        ["k", "v"],
        ["l", "short"],
      ]);
      store.clock.advance(5_000_000);
      itemsAre("the changed one, later", await one.read(), [["k", "v"]]);
    },
  },
  {
    id: "configured/contradictions",
    rules: ["NS-5", "DEL-5"],
    title:
      "A change that contradicts stored data is refused, and the namespace stays in force as it was.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      const fields = { tokens: { max_age: "2h" }, lifecycle: { retention: "1d" } };
      await accepted(store, { main: { fields } });
      for (const key of ["a", "b"]) await store.record("r").put(key, key);
      const changes = {
        "another order": { fields: { ...fields, order: "descending" } },
        "another cluster": { fields, storage: { cluster: "spare" } },
        "another table": { fields, storage: { table: store.namespace("elsewhere") } },
        "a retention below the window": { fields: { lifecycle: { retention: "90m" } } },
      };
      for (const [what, change] of Object.entries(changes)) {
        const lines = await store.configure({ main: change, other: {} });
        holds(what, lines.length === 1, lines, "one line of refusal");
        itemsAre(`after ${what}`, await store.record("r").read(), [
          ["a", "a"],
          ["b", "b"],
        ]);
        // What contradicts nothing is taken all the same.
        await store.record("r", { namespace: "other" }).put("k", "v");
      }
    },
  },
  {
    id: "configured/broken-shadow",
    rules: ["NS-6"],
    title: "A shadow that fails fails no call, and what it missed is counted.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await accepted(store, { main: { tiers: shadowAt("broken", { read: "100%" }) } });
      await store.record("r").put("k", "v");
      itemsAre("the record", await store.record("r").read(), [["k", "v"]]);
      await store.record("r").deleteAll();
      itemsAre("after a deletion", await store.record("r").read(), []);
      await settled(store, "failures", () => store.shadow("main")?.writeFailures, 2);
      await settled(store, "failed reads", () => store.shadow("main")?.readFailures, 2);
    },
  },
  {
    id: "configured/shadow-compared",
    rules: ["NS-6"],
    title: "Reads of a shadow are compared with the primary's, and differences are counted.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await accepted(store, { main: {} });
      await store.record("r").put("k", "before the shadow");
      await accepted(store, { main: { tiers: shadowAt("spare", { read: "100%" }) } });
      await store.record("s").put("k", "with the shadow");
      itemsAre("what both have", await store.record("s").read(), [["k", "with the shadow"]]);
      await settled(store, "reads", () => store.shadow("main")?.reads, 1);
      await settled(store, "differences", () => store.shadow("main")?.mismatches, 0);
      itemsAre("what one has", await store.record("r").read(), [["k", "before the shadow"]]);
      await settled(store, "differences", () => store.shadow("main")?.mismatches, 1);
    },
  },
];

/** Longest that anything of a shadow is waited for, in looks a millisecond apart. */
const LOOKS_MAX = 2_000;

/** Waits until the count is reached: nobody waits for a shadow's reads. */
async function settled(
  store: ConformanceStore,
  what: string,
  count: () => number | undefined,
  wanted: number,
): Promise<void> {
  for (let look = 0; look < LOOKS_MAX && count() !== wanted; look += 1) await store.wait(1_000);
  same(what, count(), wanted);
}
