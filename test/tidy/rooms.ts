/**
 * The rooms of the project and what each may import and touch: README's Map as data. A room is named
 * after its folder; `door` stands for the files directly under src that users import, and for the
 * one that puts the parts together.
 */

/** What a room may touch by itself; everything else comes through the `env` handed in. */
export type Edge = "time" | "chance" | "io";

export type Room = {
  readonly name: string;
  /** Rooms it may import by a relative path; its own is always allowed. `src/*` is all of src. */
  readonly rooms: readonly string[];
  /** Rooms of which it may import types. */
  readonly types?: readonly string[];
  /** Packages by name, ours included; `node:` allows all of Node's own modules. */
  readonly packages: readonly string[];
  readonly edges: readonly Edge[];
};

const DOORS: readonly string[] = [
  "index.ts",
  "open.ts",
  "open-configured.ts",
  "engine.ts",
  "client.ts",
  "service.ts",
  "namespaces.ts",
];

const CORE: readonly string[] = [
  "src/model",
  "src/ports",
  "src/policy",
  "src/codec",
  "src/namespace",
];
const PUBLIC: readonly string[] = [
  "kvdal",
  "kvdal/engine",
  "kvdal/client",
  "kvdal/service",
  "kvdal/namespaces",
];
/** The parts of the conformance kit that need no machine. */
const KIT: readonly string[] = ["conformance/kit", "conformance/cases", "conformance/report"];
const EVERY_DOOR: readonly string[] = [
  ...PUBLIC,
  "kvdal/sim",
  "kvdal/sim/check",
  "kvdal/sim/mutants",
  "kvdal/sim/amplify",
  "kvdal/sim/plan-file",
  "kvdal/sim/shrink",
  "kvdal/sim/explain",
  "kvdal/conformance",
  "kvdal/bench",
];

/** The one library that an engine's folder may use; engines that are not listed use none. */
const CLIENT_LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  // Of Node no more than a checksum.
  cassandra: ["cassandra-driver", "node:zlib"],
  dynamodb: ["@aws-sdk/client-dynamodb"],
  memcached: ["memjs"],
  rocksdb: ["rocksdb-native"],
};

const ALL_EDGES: readonly Edge[] = ["time", "chance", "io"];

const ROOMS: readonly Room[] = [
  { name: "src/model", rooms: [], packages: [], edges: [] },
  { name: "src/ports", rooms: ["src/model"], packages: [], edges: [] },
  {
    name: "src/codec",
    rooms: ["src/model", "src/ports", "src/policy"],
    packages: ["node:zlib"],
    edges: [],
  },
  {
    name: "src/system",
    rooms: ["src/ports"],
    types: ["src/model"],
    packages: ["node:", "lz4-napi"],
    edges: ALL_EDGES,
  },
  { name: "src/policy", rooms: ["src/model"], packages: [], edges: [] },
  // A shadow is a decorator of the port: routing puts it there, and nothing of an engine's own comes with it.
  {
    name: "src/namespace",
    rooms: [...CORE, "src/engines/shared"],
    packages: ["yaml", "zod"],
    edges: [],
  },
  { name: "src/service", rooms: CORE, packages: [], edges: [] },
  { name: "src/client", rooms: CORE, packages: [], edges: [] },
  {
    name: "src/rpc",
    rooms: ["src/model", "src/ports", "src/service", "src/client"],
    packages: ["node:"],
    edges: ["io"],
  },
  { name: "src/engines/shared", rooms: ["src/model", "src/ports"], packages: [], edges: [] },
  { name: "door", rooms: ["src/*"], packages: [], edges: [] },
  {
    name: "src/cli",
    rooms: ["src/*"],
    packages: [...EVERY_DOOR, "commander", "@stryker-mutator/instrumenter", "oxc-parser", "node:"],
    edges: ALL_EDGES,
  },
  { name: "sim", rooms: ["sim/words", "sim/trace"], packages: PUBLIC, edges: [] },
  // Wording for people: whoever tells of a world may use it, and it knows nothing of who does.
  { name: "sim/words", rooms: ["sim"], packages: PUBLIC, edges: [] },
  { name: "sim/trace", rooms: ["sim", "sim/words"], packages: PUBLIC, edges: [] },
  // A door of its own.
  { name: "sim/explain", rooms: ["sim", "sim/words", "sim/trace"], packages: PUBLIC, edges: [] },
  // A door of its own: worlds run without the library that reads files.
  { name: "sim/plan-file", rooms: ["sim"], packages: [...PUBLIC, "zod"], edges: [] },
  // The door alone may load the back ends, when it is asked for them; the cases know nothing of where engines run.
  {
    name: "conformance",
    rooms: [...KIT, "conformance/backends", "conformance/images"],
    packages: PUBLIC,
    edges: ["io"],
  },
  ...KIT.map((name) => ({
    name,
    rooms: KIT,
    packages: [...PUBLIC, "kvdal/sim/check"],
    edges: [],
  })),
  {
    name: "conformance/backends",
    rooms: ["conformance", "conformance/images"],
    packages: [...PUBLIC, "node:", "testcontainers"],
    edges: ALL_EDGES,
  },
  // Written as an outsider would.
  { name: "conformance/examples", rooms: [], packages: PUBLIC, edges: [] },
  { name: "conformance/images", rooms: [], packages: ["node:"], edges: ALL_EDGES },
  {
    name: "bench",
    rooms: [],
    packages: [
      ...EVERY_DOOR,
      ...Object.values(CLIENT_LIBRARIES).flat(),
      "keyv",
      "tinybench",
      "node:",
    ],
    edges: ALL_EDGES,
  },
  { name: "test", rooms: ["*"], packages: ["*"], edges: ALL_EDGES },
];

/** The room of a file, or `undefined` when it lies in none. */
export function roomOf(path: string): Room | undefined {
  const parts = path.split("/");
  if (parts[0] === "src" && parts.length === 2) {
    return DOORS.includes(parts[1] ?? "") ? named("door") : undefined;
  }
  if (parts[0] === "src" && parts[1] === "engines" && parts[2] !== "shared") {
    return parts.length > 3 ? engineRoom(parts[2] ?? "") : undefined;
  }
  const prefix = (length: number): string =>
    parts.slice(0, Math.min(length, parts.length - 1)).join("/");
  return named(prefix(3)) ?? named(prefix(2)) ?? named(prefix(1));
}

/** Whether the room may import what lies in the other one. */
export function mayImport(from: Room, to: Room, typeOnly: boolean): boolean {
  if (from.name === to.name) return true;
  const listed = typeOnly ? [...from.rooms, ...(from.types ?? [])] : from.rooms;
  const inSrc = to.name === "door" || to.name.startsWith("src/");
  return listed.some((room) => room === "*" || room === to.name || (room === "src/*" && inSrc));
}

/** Whether the room may import a package; `specifier` may name a path inside of it. */
export function mayUsePackage(room: Room, specifier: string): boolean {
  return room.packages.some(
    (allowed) =>
      allowed === "*" ||
      allowed === specifier ||
      (allowed === "node:" && specifier.startsWith("node:")) ||
      (!allowed.startsWith("kvdal") && specifier.startsWith(`${allowed}/`)),
  );
}

function named(name: string): Room | undefined {
  return ROOMS.find((room) => room.name === name);
}

/**
 * An engine's own folder. Time and chance stay banned: the adapter is told the caller's now. An
 * engine without a client library lives in the process and has no business with I/O either.
 */
function engineRoom(engine: string): Room {
  const library = CLIENT_LIBRARIES[engine];
  return {
    name: `src/engines/${engine}`,
    rooms: ["src/model", "src/ports", "src/engines/shared"],
    packages: library === undefined ? [] : [...library, "node:"],
    edges: library === undefined ? [] : ["io"],
  };
}
