/** A bench of single calls, as data: what is called, over and over, and what has to be there before. */

/** One thing to time. `run` is one operation; `operations` of them stand in one call of it. */
export type MicroBench = {
  readonly name: string;
  /** Operations that one call of `run` carries out. */
  readonly operations: number;
  readonly run: () => void | Promise<void>;
};
