/** The bug that is planted in this process, if one is. */
let planted: string | undefined;

/** Its name; undefined in a process that runs the code as it is. */
export function plantedBug(): string | undefined {
  return planted;
}

/** Said once, by whoever plants it, before anything else is loaded. */
export function setPlantedBug(name: string): void {
  planted = name;
}
