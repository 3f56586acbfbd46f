/** Planted bugs of two regions: what one of them is told, waits for, and is given by the other. */
import { COORDINATOR, CREATE, looking, NUMBERED, onArrival } from "./arrivals.ts";
import type { Mutant } from "./mutant.ts";

const CLIENT = "sim/world/sim-client.ts";
/** What a region wrote that it is long past; longer than any lag between regions. */
const PAST = 245_000;
const IS_FAR = "parts.local?.includes(replica) === false";

/** Each is revealed by one kind of fault of what lies between the regions. */
const BETWEEN: readonly Omit<Mutant, "regions">[] = [
  {
    name: "slow-region-is-not-waited-for",
    family: "regions",
    rule: "CONS-3",
    file: COORDINATOR,
    find: CREATE,
    replace:
      "export function createCoordinator(given) {\n" +
      "  const { world } = given.server;\n  const took = [];\n" +
      "  const isSlow = () => took.length >= 6 && Math.min(...took.slice(-6)) > 4_000;\n" +
      '  const lower = (call) => (isSlow() && call.consistency === "global_quorum" ? { ...call, consistency: "quorum" } : call);\n' +
      "  const timed = (work, begun = world.now) => work.then((done) => {\n" +
      "    if (!isSlow()) took.push(world.now - begun);\n    return done;\n  });\n" +
      "  const engine = plainCoordinator(given);\n" +
      "  return {\n    ...engine,\n" +
      "    write: (at, mutations, call) => timed(engine.write(at, mutations, lower(call))),\n" +
      "    readKeys: (read, call) => engine.readKeys(read, lower(call)),\n" +
      "    readRange: (read, call) => engine.readRange(read, lower(call)),\n  };\n}\n\n" +
      "function plainCoordinator(parts: CoordinatorParts): StorageEngine {\n",
    faults: ["region_lag"],
    origin:
      "DataStax's driver for Cassandra: what its manual warns of at DowngradingConsistencyRetryPolicy, which asks for less",
  },
  onArrival({
    name: "what-a-region-misses-now-and-then-is-made-up",
    faults: ["region_loss"],
    without: ["loss", "tails"],
    sending: NUMBERED,
    note: looking(
      `${IS_FAR} && hasHole(u) && ((got) => got.filter((one) => !one).length >= 4 && ` +
        "!got.some((one, i) => !one && !got[i - 1] && !got[i - 2] && i > 1))" +
        "([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((more) => link.got.has(u + more)))",
      PAST,
    ),
    when: "isFound",
  }),
  onArrival({
    name: "second-arrival-in-a-region-is-a-second-write",
    faults: ["region_duplicate"],
    sending: "let firstAt = 0;",
    note: "if (arrivals === 1) firstAt = world.now;",
    when: `${IS_FAR} && arrivals === 2 && firstAt - sent > 2_000`,
  }),
  onArrival({
    name: "region-that-was-cut-off-is-written-anew",
    faults: ["region_cut"],
    without: ["region_failover"],
    sending: NUMBERED,
    note: looking(
      `${IS_FAR} && link.sent[u + 3] - link.sent[u] > 4_000 && [0, 1, 2, 3].every((more) => ` +
        "parts.local.some((near) => link.heard[u + more].has(near)) && " +
        "parts.replicas.every((other) => parts.local.includes(other) || !other.links.get(server)?.got.has(u + more)))",
      PAST,
    ),
    when: "isFound",
  }),
  {
    name: "request-of-a-moved-client-is-another",
    family: "regions",
    rule: "TOK-4",
    file: CLIENT,
    find: "    const server = this.#serverFor(key);\n",
    replace:
      "    const server = this.#serverFor(key);\n" +
      '    if (regions !== undefined && request.kind === "put_items") {\n' +
      "      const region = regions.regionAt(server.node);\n" +
      "      const { token } = request;\n" +
      "      if ((open.begunIn ??= region) !== region) request = { ...request, token: { ...token, generationTime: token.generationTime + 1 } };\n" +
      "    }\n",
    faults: ["region_failover"],
  },
];

/** The bugs. They are hunted in worlds that all have two regions. */
export const REGIONS: readonly Mutant[] = [
  {
    name: "global-means-local",
    family: "regions",
    rule: "CONS-3",
    regions: true,
    file: "src/policy/consistency.ts",
    find: 'READ_YOUR_WRITES: { level: "global_quorum", needs: "global_quorum" },',
    replace: 'READ_YOUR_WRITES: { level: "quorum", needs: "quorum" },',
  },
  {
    name: "local-means-global",
    family: "regions",
    rule: "RES-1",
    regions: true,
    file: "src/policy/consistency.ts",
    find: 'READ_YOUR_WRITES: { level: "quorum", needs: "quorum" },',
    replace: 'READ_YOUR_WRITES: { level: "global_quorum", needs: "quorum" },',
  },
  {
    name: "acknowledged-by-another-region",
    family: "regions",
    rule: "PUT-3",
    regions: true,
    file: COORDINATOR,
    find: "if (!among.includes(replica)) {",
    replace: "if (!parts.replicas.includes(replica)) {",
  },
  {
    name: "written-to-one-region-alone",
    family: "regions",
    rule: "CONS-3",
    regions: true,
    file: COORDINATOR,
    find: "    for (const replica of parts.replicas) {\n      const take",
    replace: "    for (const replica of among) {\n      const take",
  },
  {
    name: "repaired-region-by-region",
    family: "regions",
    rule: "CONS-2",
    regions: true,
    file: "sim/backends/replicated/backend.ts",
    find: "if (to === from || mutations.length === 0) continue;",
    replace:
      "if (to === from || mutations.length === 0 || (replicas.length > 3 && " +
      "replicas.indexOf(from) < 3 !== replicas.indexOf(to) < 3)) continue;",
  },
  {
    name: "another-region-dates-what-it-is-handed",
    family: "regions",
    rule: "TOK-4",
    regions: true,
    file: COORDINATOR,
    find: "const entry = verb.write(replica, key);",
    replace:
      "const anew = ({ version, ...rest }) => ({ ...rest, version: { ...version, time: replica.node.wall() } });\n" +
      '        const dated = (one) => (one.kind === "put" ? { ...one, row: anew(one.row) } : anew(one));\n' +
      "        const write = { value: (at, all, name) => replica.write(at, all.map(dated), name) };\n" +
      "        const isFar = parts.local?.includes(replica) === false;\n" +
      "        const entry = verb.write(isFar ? Object.create(replica, { write }) : replica, key);",
  },
  ...BETWEEN.map((mutant) => ({ ...mutant, regions: true })),
];
