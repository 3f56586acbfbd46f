/** `kvdal namespaces check FILE`: says what a configuration of namespaces means, or all that is wrong with it. */
import { Command } from "commander";
import { problemLine } from "../namespace/config-problem.ts";
import type { NamespaceConfig, StorageTier } from "../namespace/namespace-config.ts";
import { EXIT_FAILED } from "./exit.ts";
import { print, readNamespaceFile } from "./namespace-file.ts";

const EXAMPLES = `
Example:
  kvdal namespaces check namespaces.yaml   every flaw with its line and column, or what was understood

Exit codes: 0 done, 1 the configuration has flaws, 2 wrong usage.`;

const CHECK_EXAMPLES = `
The file is YAML or JSON: one namespace, or a list under 'namespaces'. Nothing is opened and nothing is changed.

Examples:
  kvdal namespaces check namespaces.yaml          every flaw with its line and column, or what was understood
  kvdal namespaces check namespaces.yaml --json   the same for a program

Exit codes: 0 no flaw, 1 flaws, 2 wrong usage or no such file.`;

/** The command. */
export function namespacesCommand(): Command {
  const command = new Command("namespaces")
    .description("Looks at configurations of namespaces.")
    .addHelpText("after", EXAMPLES);
  command
    .command("check")
    .description("Checks a configuration and says what it means.")
    .argument("<file>", "the configuration")
    .option("--json", "print the result as JSON, and nothing else")
    .addHelpText("after", CHECK_EXAMPLES)
    .action(async (file: string, { json = false }: { readonly json?: boolean }) => {
      process.exitCode = await check(file, json);
    });
  return command;
}

async function check(file: string, json: boolean): Promise<number> {
  const reading = await readNamespaceFile(file);
  const ok = reading.kind === "ok";
  const namespaces = ok ? reading.namespaces : [];
  const problems = ok ? [] : reading.problems;
  if (json) {
    print([JSON.stringify({ file, ok, namespaces, problems }, undefined, 2)]);
  } else if (ok) {
    print(namespaces.flatMap(summary));
    print([`${file}: ${count(namespaces.length, "namespace")}, no flaw`]);
  } else {
    print(problems.map((problem) => problemLine(problem, file)));
    print([`${file}: ${count(problems.length, "flaw")}`]);
  }
  return ok ? 0 : EXIT_FAILED;
}

function summary({ options, aliases, primary, ...tiers }: NamespaceConfig): readonly string[] {
  const order = options.descending === true ? "descending" : "ascending";
  const also = aliases.length === 0 ? "" : `, also called ${aliases.join(", ")}`;
  const { chunks, shadow, cache, consistency } = tiers;
  const lines = [
    `${options.name}: ${order}, ${consistency.scope} ${consistency.target}${also}`,
    `  primary ${where(primary)}`,
  ];
  if (chunks !== undefined) lines.push(`  chunks  ${where(chunks)}`);
  if (shadow !== undefined) {
    const writes = shadow.write ? "every write" : "no write";
    const reads = `${shadow.readPerMillion / 10_000}% of reads`;
    lines.push(`  shadow  ${where(shadow)}: ${writes}, ${reads}`);
  }
  if (cache !== undefined) lines.push(`  cache   ${cache.cluster} (${cache.type})`);
  return lines;
}

function where({ type, cluster, dataset, table }: StorageTier): string {
  return `${dataset === undefined ? cluster : `${cluster}/${dataset}`}.${table} (${type})`;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
