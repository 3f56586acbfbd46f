/** Which worlds execute which mutants, by V8's own count of what ran. */
import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";
import type { MachineMutant } from "./machine-mutant.ts";

/** Counts what runs, from here on. Modules that are loaded later are seen from their first line on. */
export class Coverage {
  readonly #session = new Session();
  readonly #byFile = new Map<string, MachineMutant[]>();
  readonly #files = new Set<string>();
  #asked = false;

  constructor(mutants: readonly MachineMutant[]) {
    for (const mutant of mutants) {
      const others = this.#byFile.get(mutant.file);
      if (others === undefined) this.#byFile.set(mutant.file, [mutant]);
      else others.push(mutant);
    }
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Files of sources of which anything ran between two times that it was asked. */
  get filesRun(): ReadonlySet<string> {
    return this.#files;
  }

  /** Names of the mutants whose place ran since it was asked last. */
  ran(): readonly string[] {
    const isFirst = !this.#asked;
    this.#asked = true;
    return this.#take().flatMap(({ url, functions }) => {
      const file = url.slice(url.lastIndexOf("/src/") + 1);
      const isRun = functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
      if (isRun && !isFirst) this.#files.add(file);
      const mutants = this.#byFile.get(file) ?? [];
      const ranges = mutants.length === 0 ? [] : functions.flatMap((each) => each.ranges);
      return mutants.filter(({ start }) => countAt(ranges, start) > 0).map(({ name }) => name);
    });
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let taken: readonly Profiler.ScriptCoverage[] = [];
    // It answers before it returns: the session is of this thread.
    this.#session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error !== null) throw error;
      taken = result;
    });
    return taken;
  }
}

/** The count of the innermost range; what is in none did not run. */
function countAt(ranges: readonly Profiler.CoverageRange[], at: number): number {
  let innermost: Profiler.CoverageRange | undefined;
  for (const range of ranges) {
    if (range.startOffset > at || at >= range.endOffset) continue;
    const isInner =
      innermost === undefined ||
      range.endOffset - range.startOffset <= innermost.endOffset - innermost.startOffset;
    if (isInner) innermost = range;
  }
  return innermost?.count ?? 0;
}
