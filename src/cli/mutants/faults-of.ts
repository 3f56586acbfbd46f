/** The kinds of fault of the worlds that a planted bug is hunted in. */
import { FAULT_SWITCHES, type FaultSwitch } from "kvdal/sim";
import type { Mutant } from "kvdal/sim/mutants";

/** All but those that it is hunted without; undefined where it is hunted among all there are. */
export function faultsOf(mutant: Mutant | undefined): readonly FaultSwitch[] | undefined {
  const { without } = mutant ?? {};
  return without && FAULT_SWITCHES.filter((kind) => !without.includes(kind));
}
