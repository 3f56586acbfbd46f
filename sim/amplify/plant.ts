/** Puts the amplification points into the code of this process, as it is loaded: sources, or what was built from them. */
import { changeOnLoad } from "../mutants/plant.ts";
import { POINTS } from "./list.ts";
import { type Point, withPoint } from "./point.ts";

/** Says that the points are there. */
const SIGN = { file: "sim/amplify/has-points.ts", find: "return false;", put: "return true;" };

const BY_FILE: ReadonlyMap<string, readonly Point[]> = Map.groupBy(POINTS, ({ file }) => file);

/** Files that have points, and the one that says so: paths from the top of the tree. */
export const POINT_FILES: readonly string[] = [...BY_FILE.keys(), SIGN.file];

/** The source of one of those files with all its points. What a planted bug has taken the place of is left out. */
export function withPoints(file: string, source: string): string {
  if (file === SIGN.file) return source.replace(SIGN.find, SIGN.put);
  const points = BY_FILE.get(file) ?? [];
  return points.reduce((text, point) => withPoint(point, text) ?? text, source);
}

/** For a process that simulates: called before anything else of the tree is loaded. */
export function plantPoints(): void {
  changeOnLoad(new Map(POINT_FILES.map((file) => [file, (source) => withPoints(file, source)])));
}
