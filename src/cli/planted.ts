/** A process that plants one bug before anything else is loaded, and then is the program: `planted.ts BUG VERB …`. */
import { MUTANTS, plantOnLoad } from "kvdal/sim/mutants";
import { setPlantedBug } from "./planted-bug.ts";

const [name = "", ...args] = process.argv.slice(2);
const mutant = MUTANTS.find((candidate) => candidate.name === name);
if (mutant === undefined) throw new Error(`no mutant is called ${name}`);
const isPlanted = plantOnLoad(mutant);
setPlantedBug(name);

process.argv.splice(2, process.argv.length, ...args);
await import("./main.ts");
if (!isPlanted()) throw new Error(`mutant ${name} was never loaded: ${mutant.file}`);
