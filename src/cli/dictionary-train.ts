/** `kvdal dictionary train`: a new version from samples of a namespace's values. */
import { Command } from "commander";
import {
  DICTIONARY_BYTES_DEFAULT,
  DICTIONARY_BYTES_MAX,
  DICTIONARY_BYTES_MIN,
  trainDictionary,
} from "../codec/train-dictionary.ts";
import { withNew } from "../policy/roll-dictionary.ts";
import { onStore, type StoreOptions, versionLine, withStoreOptions } from "./dictionary-store.ts";
import { print } from "./print.ts";
import { readSamples } from "./dictionary-samples.ts";
import { CliError, EXIT_FAILED } from "./exit.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = StoreOptions & { readonly maxBytes: number };

/** The command. */
export function trainCommand(): Command {
  const size = wholeNumber(DICTIONARY_BYTES_MIN, DICTIONARY_BYTES_MAX);
  const command = new Command("train")
    .description("Makes a new dictionary from samples. It is not used until it is rolled.")
    .argument("<namespace>")
    .argument(
      "<file...>",
      "samples: .ndjson and .jsonl hold one a line, a folder one a file, any other file is one",
    )
    .option("--max-bytes <n>", "largest dictionary", size, DICTIONARY_BYTES_DEFAULT);
  return withStoreOptions(command).action(
    async (namespace: string, files: readonly string[], options: Options) => {
      const samples = await readSamples(files);
      const version = await onStore(options, async (store) => {
        const trained = trainDictionary(samples, options.maxBytes);
        if (trained === undefined) {
          const found = `no dictionary saves anything on these ${samples.length} samples`;
          throw new CliError(EXIT_FAILED, `${found}, wanted values that have parts in common`);
        }
        const { content, gain } = trained;
        const id = await store.keep(content);
        const addedAt = Date.now() * 1000;
        const added = { namespace, id, bytes: content.length, addedAt, gain };
        const versions = await store.change((versions) => withNew(versions, added));
        return versions.find((one) => one.namespace === namespace && one.id === id);
      });
      if (version === undefined) throw new Error("the version that was added is not in the list");
      const next = `kvdal dictionary roll ${namespace} makes it current`;
      print(options, version, [versionLine(version), ...(version.state === "new" ? [next] : [])]);
    },
  );
}
