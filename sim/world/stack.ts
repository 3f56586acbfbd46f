/** Who called: the stack of here and now, for what is worth it. Worlds run with stack traces off. */

/** The top of the tree, as stacks spell it. */
const ROOT = new URL("../..", import.meta.url).href;
/** Frames that are looked at. */
const LIMIT = 24;

/** The callers in this tree, nearest first, without those that `isLeftOut` names; paths from the top of the tree. */
export function callers(isLeftOut: (frame: string) => boolean): readonly string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = LIMIT;
  const { stack = "" } = new Error("who called");
  Error.stackTraceLimit = stackTraceLimit;
  return stack
    .split("\n")
    .slice(2)
    .map((line) => line.trim().replace(/^at /, "").replace(ROOT, "").replace(ROOT_PATH, ""))
    .filter((frame) => !/node:|<anonymous>|node_modules/.test(frame) && !isLeftOut(frame));
}

/** The same where a stack has paths in place of addresses. */
const ROOT_PATH = decodeURIComponent(new URL(ROOT).pathname);
