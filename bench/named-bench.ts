/** What `kvdal bench` can run, each under a name. */

/** How a bench is run. */
export type BenchOptions = {
  /** Only parts whose name contains this; each bench says what its parts are. */
  readonly filter: string;
  /** Only these engines; all that the bench knows when there are none. */
  readonly engines: readonly string[];
  /** A smoke test: a tenth of the work, figures worth nothing. */
  readonly quick: boolean;
  /** Called with each line for people, as it comes. */
  readonly say: (line: string) => void;
};

/** Where figures are from: part of every report. */
export type BenchPlace = { readonly node: string; readonly machine: string };

/** A bench. Its file is loaded when it is run, so that each brings only the libraries it needs. */
export type NamedBench = {
  readonly name: string;
  readonly summary: string;
  /** Engines that it can be told to keep to; absent where it has no such choice. */
  readonly engines?: readonly string[];
  /** Loads it; what it then returns is its report for programs, undefined when the filter fits none of its parts. */
  readonly load: () => Promise<(options: BenchOptions) => Promise<BenchPlace | undefined>>;
};
