/** Planted bugs of two regions: what one of them is told, waits for, and is given by the other. */
import type { Mutant } from "./mutant.ts";

const COORDINATOR = "sim/backends/replicated/coordinator.ts";

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
];
