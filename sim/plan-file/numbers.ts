/** Numbers and flags of a plan file. */
import { DAY, type Micros } from "kvdal";
import { z } from "zod";

/** A whole number from `least` to `most`, both included. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const wanted =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number, ${least} or more`
      : `a whole number from ${least} to ${most}`;
  return z.custom<number>(
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
    wanted,
  );
}

/** Longest time in a plan, microseconds: with a few of them added up, instants are still exact. */
const TIME_MAX: Micros = 30 * DAY;

/** A duration or an instant of virtual time. */
export const micros: z.ZodType<number> = whole(0, TIME_MAX);
/** A place in a list, or a number of something. */
export const index: z.ZodType<number> = whole(0);
/** A chance in millionths. */
export const ppm: z.ZodType<number> = whole(0, 1_000_000);
/** A time, either way. */
export const signed: z.ZodType<number> = whole(-TIME_MAX, TIME_MAX);
/** A flag. */
export const yes: z.ZodType<boolean> = z.custom<boolean>(
  (value) => typeof value === "boolean",
  "true or false",
);

/** What is `null` in a file where there is none of it. */
export function orNone<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.nullable().transform((value) => value ?? undefined);
}
