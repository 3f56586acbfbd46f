/** How the program ends. */

/** Something that was run failed. */
export const EXIT_FAILED = 1;
/** The command line was wrong. */
export const EXIT_USAGE = 2;
/** An engine that was asked for cannot be had here. */
export const EXIT_UNAVAILABLE = 3;

/** Ends the program with this code, after the message: what failed, what was found, what is wanted. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}
