/** Door for whoever hunts planted bugs: small, so that nothing of the tree is loaded before a bug is in it. */
export { MUTANTS } from "./list.ts";
export { hasPlace, type Mutant, plant } from "./mutant.ts";
export { changeOnLoad, plantOnLoad } from "./plant.ts";
export { SIMULATOR_BUGS, type SimulatorBug } from "./simulator.ts";
