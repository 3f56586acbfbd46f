/** A process that plants one bug before anything else is loaded, and then is the program: `planted.ts BUG VERB …`. */
import { MUTANTS, plantOnLoad, SIMULATOR_BUGS } from "kvdal/sim/mutants";
import { setPlantedBug } from "./planted-bug.ts";

const [name = "", ...args] = process.argv.slice(2);
const ofSimulator = SIMULATOR_BUGS.filter((bug) => bug.name === name);
const changes = [
  ...MUTANTS.filter((mutant) => mutant.name === name),
  ...ofSimulator.flatMap((bug) => bug.changes.map((change) => ({ ...bug, ...change }))),
];
const [first] = changes;
if (first === undefined) throw new Error(`no mutant is called ${name}`);
const planted = changes.map((change) => plantOnLoad(change));
setPlantedBug(name);

process.argv.splice(2, process.argv.length, ...args);
await import("./main.ts");
if (!planted.every((isPlanted) => isPlanted())) {
  throw new Error(`mutant ${name} was never loaded: ${first.file}`);
}
