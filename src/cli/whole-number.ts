/** Numbers on the command line. */
import { InvalidArgumentError } from "commander";

/** A parser of whole numbers from `least` to `most`, for commander, which names the option and what was found. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Wanted a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}
