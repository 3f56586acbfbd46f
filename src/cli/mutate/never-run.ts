/** Files of the core of which simulated worlds execute nothing but what loading does: no mutants are made of them. */

const GROUPS: readonly { readonly why: string; readonly files: readonly string[] }[] = [
  {
    why: "worlds compress by a stand-in: what a library compresses is the same bytes again, and tests try all codecs",
    files: [
      "src/codec/codec-results.ts",
      "src/codec/compressor.ts",
      "src/codec/cover-dictionary.ts",
      "src/codec/dictionary-shelf.ts",
      "src/codec/lz4.ts",
      "src/codec/train-dictionary.ts",
      "src/codec/zstd.ts",
      "src/model/dictionary.ts",
      "src/policy/roll-dictionary.ts",
    ],
  },
  {
    why: "worlds call rounds of applying and cleaning up themselves, at times that are drawn",
    files: ["src/service/applier.ts", "src/service/janitor.ts", "src/service/rounds.ts"],
  },
  {
    why: "only adapters of engines that are not simulated use it",
    files: ["src/engines/shared/cache-guard.ts", "src/engines/shared/row-codec.ts"],
  },
  {
    why: "worlds have no namespaces from a file: no shadows, and no levels of consistency to be checked",
    files: ["src/engines/shared/compare-pages.ts", "src/engines/shared/shadow-engine.ts"],
  },
  {
    why: "the simulator has a counter of its own in its place",
    files: ["src/service/sequencer.ts"],
  },
  {
    why: "types and constants",
    files: [
      "src/client/inputs.ts",
      "src/client/verbs.ts",
      "src/model/capabilities.ts",
      "src/model/consistency.ts",
      "src/model/signals.ts",
    ],
  },
];

/** Why it is so, by the path of the file. */
export const NEVER_RUN: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap(({ why, files }) => files.map((file): [string, string] => [file, why])),
);
