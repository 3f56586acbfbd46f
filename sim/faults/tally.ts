/** How often each kind of fault fired in a world, and how often that mattered: what "mattered" is, the registry says. */
import { FAULTS } from "./registry/index.ts";

/** The counts of one world, or of many: by place in the registry. */
export class FaultTally {
  readonly fired: Uint32Array = new Uint32Array(FAULTS.length);
  readonly mattered: Uint32Array = new Uint32Array(FAULTS.length);

  /** The fault at this place of the registry fired. */
  count(place: number, mattered: boolean): void {
    this.fired[place]! += 1;
    if (mattered) this.mattered[place]! += 1;
  }

  /** What fired before turns out to matter. */
  matters(place: number): void {
    this.mattered[place]! += 1;
  }

  /** Adds what another world counted. */
  add(other: FaultTally): void {
    for (let place = 0; place < FAULTS.length; place += 1) {
      this.fired[place]! += other.fired[place] as number;
      this.mattered[place]! += other.mattered[place] as number;
    }
  }
}
