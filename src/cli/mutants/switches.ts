/** Planted bugs of this process, of which one at a time is there; they go in before anything else of the tree is loaded. */
import { POINT_FILES, withPoints } from "kvdal/sim/amplify";
import { changeOnLoad, hasPlace, type Mutant, plant } from "kvdal/sim/mutants";
import { sourceOf } from "./places.ts";
import { SWITCH, switchedSource } from "./switched-source.ts";

/**
 * Puts those in that have their places, beside the amplification points. Returns the names of those that `switchTo` can
 * switch on.
 */
export function plantSwitched(mutants: readonly Mutant[]): ReadonlySet<string> {
  const names = new Set<string>();
  const byFile = Map.groupBy(mutants, ({ file }) => file);
  const changes = new Map(
    Array.from(byFile, ([file, ofFile]) => {
      const switched = switchedFile(file, ofFile);
      for (const name of switched.names) names.add(name);
      return [file, () => switched.source];
    }),
  );
  changeOnLoad(changes);
  switchTo(undefined);
  return names;
}

/** From now on that bug is there and no other; none where it is undefined. */
export function switchTo(name: string | undefined): void {
  Reflect.set(globalThis, SWITCH, name);
}

function switchedFile(file: string, mutants: readonly Mutant[]): ReturnType<typeof switchedSource> {
  const source = sourceOf(file);
  const loaded = (text: string): string =>
    POINT_FILES.includes(file) ? withPoints(file, text) : text;
  const variants = mutants
    .filter((mutant) => hasPlace(mutant, source))
    .map((mutant) => ({ name: mutant.name, text: loaded(plant(mutant, source)) }));
  return switchedSource(file, loaded(source), variants);
}
