/** The option of `kvdal sim` that names consumers' workloads. */
import { CommanderError, InvalidArgumentError, Option } from "commander";
import { CONSUMERS, WORKLOAD_NAMES, type WorkloadName } from "kvdal/sim";
import { fold } from "./fold.ts";

/** `--workload NAME[,NAME…]`; what a wrong name, or `list`, gets is the list. */
export function workloadOption(): Option {
  return new Option(
    "--workload <names>",
    "worlds of a consumer's workload, or of several by turns; list for what there is",
  ).argParser(workloadNames);
}

function workloadNames(text: string): readonly WorkloadName[] {
  if (text === "list") {
    process.stdout.write(`${listed("").join("\n")}\n`);
    throw new CommanderError(0, "kvdal.workloads", "the list was asked for");
  }
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
  return CONSUMERS.map(({ name, line }) => fold(`${indent}${name.padEnd(20)} ${line}`));
}
