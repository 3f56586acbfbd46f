/** Checks whose result is known exactly, asked one after another: the first that comes to something else. */
import { KvError } from "kvdal";
import type { ExactRule } from "../check/exact.ts";

/** What is not as it is known. */
export type ExactFlaw = {
  readonly rule: ExactRule;
  readonly what: string;
  /** File of the check that shows it. */
  readonly check: string;
};

/** A check by the file in which it stands. */
export type Filed<C> = C & { readonly file: string };

type Check = { readonly rule: ExactRule; readonly says: string };

/** All of a folder's checks, file by file. */
export function filed<C>(
  folder: string,
  files: Readonly<Record<string, readonly C[]>>,
): readonly Filed<C>[] {
  return Object.entries(files).flatMap(([name, checks]) =>
    checks.map((check) => ({ ...check, file: `${folder}/${name}` })),
  );
}

/** The first flaw, told in `textMax` characters at most. */
export async function firstExactFlaw<C extends Check>(
  checks: readonly Filed<C>[],
  ask: (check: C) => Promise<string | undefined>,
  textMax: number,
): Promise<ExactFlaw | undefined> {
  for (const check of checks) {
    const flaw = await flawOf(ask(check));
    if (flaw === undefined) continue;
    const what = `${check.says}: ${flaw}`.slice(0, textMax);
    return { rule: check.rule, what, check: check.file };
  }
  return undefined;
}

/** What is known to be answered is not refused. */
async function flawOf(flaw: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await flaw;
  } catch (error) {
    if (error instanceof KvError) return error.message;
    throw error;
  }
}
