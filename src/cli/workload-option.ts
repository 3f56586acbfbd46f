/** The option of `kvdal sim` that names consumers' workloads. */
import { type Command, CommanderError, InvalidArgumentError } from "commander";
import { CONSUMERS, WORKLOAD_NAMES, type WorkloadName } from "kvdal/sim";
import { print } from "./print.ts";

/** What stands for `list` until all options are known: whether the list is wanted as JSON is one of them. */
const LIST: readonly WorkloadName[] = [];

/** Adds `--workload NAME[,NAME…]`; what a wrong name, or `list`, gets is the list. */
export function addWorkloadOption(command: Command): Command {
  return command
    .option(
      "--workload <names>",
      "worlds of a consumer's workload, or of several by turns; list for what there is",
      workloadNames,
    )
    .hook("preAction", (_command, asked) => {
      const { workload, json } = asked.opts<{ workload?: unknown; json?: boolean }>();
      if (workload !== LIST) return;
      const rows = CONSUMERS.map(({ name, line }) => ({ name, line }));
      print({ json: json === true }, rows, listed(""));
      throw new CommanderError(0, "kvdal.workloads", "the list was asked for");
    });
}

function workloadNames(text: string): readonly WorkloadName[] {
  if (text === "list") return LIST;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !WORKLOAD_NAMES.some((known) => known === name));
  if (unknown.length > 0) {
    const found = unknown.map((name) => `"${name}"`).join(", ");
    const wanted = ["wanted one of these, or several:", ...listed("  ")].join("\n");
    throw new InvalidArgumentError(`There is no ${found}, ${wanted}`);
  }
  return WORKLOAD_NAMES.filter((name) => names.includes(name));
}

/** Each with what it is. */
function listed(indent: string): readonly string[] {
  return CONSUMERS.map(({ name, line }) => `${indent}${name.padEnd(20)} ${line}`);
}
