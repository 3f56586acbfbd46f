/** The verbs of the program: what the overview says of each, and where to find it once it is asked for. */
import type { Command } from "commander";

/** A verb. Its file is loaded when it is used, so that each brings only the libraries it needs. */
export type Verb = {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** Whether its process simulates: amplification points are put into the code before that is loaded. */
  readonly simulates?: true;
};

/** In the order of the overview. A new verb is a file with a function that makes its command, and a line here. */
export const VERBS: readonly Verb[] = [
  {
    name: "sim",
    summary: "run simulated worlds and judge what their clients saw",
    load: async () => (await import("./sim.ts")).simCommand(),
    simulates: true,
  },
  {
    name: "merge",
    summary: "put the shards of a campaign of sim together",
    load: async () => (await import("./merge.ts")).mergeCommand(),
  },
  {
    name: "replay",
    summary: "run a kept failure again and say whether it repeats",
    load: async () => (await import("./replay.ts")).replayCommand(),
    simulates: true,
  },
  {
    name: "shrink",
    summary: "cut a failure down until nothing of it can be spared",
    load: async () => (await import("./shrink.ts")).shrinkCommand(),
    simulates: true,
  },
  {
    name: "explain",
    summary: "say why a failure fails: operations, faults, the deciding event",
    load: async () => (await import("./explain.ts")).explainCommand(),
    simulates: true,
  },
  {
    name: "diff",
    summary: "show a failure beside the nearest run that passes",
    load: async () => (await import("./diff.ts")).diffCommand(),
    simulates: true,
  },
  {
    name: "corpus",
    summary: "run the plans that are kept, with and without their bugs",
    load: async () => (await import("./corpus.ts")).corpusCommand(),
    simulates: true,
  },
  {
    name: "diagram",
    summary: "write a simulated world as a space-time diagram, in one HTML file",
    load: async () => (await import("./diagram.ts")).diagramCommand(),
    simulates: true,
  },
  {
    name: "divergence",
    summary: "find the first event in which two runs of one world differ",
    load: async () => (await import("./divergence.ts")).divergenceCommand(),
    simulates: true,
  },
  {
    name: "mutants",
    summary: "plant bugs and say whether simulated worlds find them",
    load: async () => (await import("./mutants.ts")).mutantsCommand(),
  },
  {
    name: "mutate",
    summary: "make mutants of the core and say which simulated worlds kill",
    load: async () => (await import("./mutate.ts")).mutateCommand(),
  },
  {
    name: "faults",
    summary: "list the kinds of fault that simulated worlds know",
    load: async () => (await import("./faults.ts")).faultsCommand(),
  },
  {
    name: "oracles",
    summary: "hold the oracles against a brute-force checker",
    load: async () => (await import("./oracles.ts")).oraclesCommand(),
  },
  {
    name: "corruptors",
    summary: "damage answers of sound worlds and say what catches it",
    load: async () => (await import("./corruptors.ts")).corruptorsCommand(),
    simulates: true,
  },
  {
    name: "conformance",
    summary: "judge an engine by the cases of the contract",
    load: async () => (await import("./conformance.ts")).conformanceCommand(),
  },
  {
    name: "fidelity",
    summary: "compare simulated engines with real ones, answer by answer",
    load: async () => (await import("./fidelity.ts")).fidelityCommand(),
  },
  {
    name: "cache-race",
    summary: "count stale reads while memcached loses commands and restarts",
    load: async () => (await import("./cache-race.ts")).cacheRaceCommand(),
  },
  {
    name: "rules",
    summary: "list the rules of the contract, and what tests each",
    load: async () => (await import("./rules.ts")).rulesCommand(),
  },
  {
    name: "namespaces",
    summary: "check a configuration of namespaces",
    load: async () => (await import("./namespaces.ts")).namespacesCommand(),
  },
  {
    name: "provision",
    summary: "make the tables of a configuration of namespaces",
    load: async () => (await import("./provision.ts")).provisionCommand(),
  },
  {
    name: "engines",
    summary: "start or find the real engines, and say where they answer",
    load: async () => (await import("./engines.ts")).enginesCommand(),
  },
  {
    name: "images",
    summary: "build the engines' images from Debian packages and Maven Central",
    load: async () => (await import("./images.ts")).imagesCommand(),
  },
  {
    name: "dictionary",
    summary: "train, list, roll and retire compression dictionaries",
    load: async () => (await import("./dictionary.ts")).dictionaryCommand(),
  },
  {
    name: "bench",
    summary: "time single pieces, with the spread",
    load: async () => (await import("./bench.ts")).benchCommand(),
  },
];
