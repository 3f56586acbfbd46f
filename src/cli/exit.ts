/** How the program ends. */

/** Something that was run failed; of simulated worlds, one broke a rule. */
export const EXIT_FAILED = 1;
/** The command line was wrong. */
export const EXIT_USAGE = 2;
/** An engine that was asked for cannot be had here. */
export const EXIT_UNAVAILABLE = 3;
/** A simulated world stopped, or did not answer once it was sound. */
export const EXIT_LIVENESS = 4;
/** A kept failure fails, but not as it did: of `replay`, which has no worlds that stop. */
export const EXIT_DIFFERS = 4;
/** Something threw in a simulated world, or ended its process. */
export const EXIT_CRASH = 5;
/** Two runs of one simulated world differ. */
export const EXIT_DETERMINISM = 6;
/** Too many runs prove nothing, since a real engine failed by itself. */
export const EXIT_INCONCLUSIVE = 7;
/** Interrupted by a signal, and nothing wrong until then: as a shell has it for Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

/** Ends the program with this code, after the message: what failed, what was found, what is wanted. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}
