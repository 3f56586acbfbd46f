/** Planted bugs of this process, of which one at a time is there; they go in before anything else of the tree is loaded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { POINT_FILES, withPoints } from "kvdal/sim/amplify";
import { changeOnLoad, type Mutant, plant } from "kvdal/sim/mutants";
import { SWITCH, switchedSource } from "./switched-source.ts";

const TOP = join(import.meta.dirname, "../../..");

/** Puts them in, beside the amplification points. Returns the names of those that `switchTo` can switch on. */
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
  const source = readFileSync(join(TOP, file), "utf8");
  const loaded = (text: string): string =>
    POINT_FILES.includes(file) ? withPoints(file, text) : text;
  const variants = mutants.map((mutant) => ({
    name: mutant.name,
    text: loaded(plant(mutant, source)),
  }));
  return switchedSource(file, loaded(source), variants);
}
