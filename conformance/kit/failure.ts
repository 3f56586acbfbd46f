/** A promise that was not kept. */
export class ConformanceFailure extends Error {
  /** What was asked, what came back and what the contract wants, as shown to people. */
  readonly what: string;
  readonly found: string;
  readonly wanted: string;

  constructor(what: string, found: string, wanted: string, cause?: unknown) {
    super(`${what}: found ${found}, wanted ${wanted}`, { cause });
    this.name = "ConformanceFailure";
    this.what = what;
    this.found = found;
    this.wanted = wanted;
  }
}
