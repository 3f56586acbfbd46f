/** Who called: the stack of here and now, for what is worth it. Worlds run with stack traces off. */

/** The frame of this file, from which the top of the tree is known. */
const OWN_FRAME = /((?:file:|\/)\S*)sim\/world\/stack\.\w+:/;
/** Frames that are looked at. */
const LIMIT = 20;

/** The stack of whoever calls this, as the engine writes it. */
export function stackHere(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = LIMIT;
  const { stack = "" } = new Error("who called");
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

/** Its callers in this tree, nearest first, without those that `isLeftOut` names; paths from the top of the tree. */
export function callersIn(stack: string, isLeftOut: (frame: string) => boolean): readonly string[] {
  const root = OWN_FRAME.exec(stack)?.[1] ?? "";
  const isOwn = (frame: string): boolean => !/node:|<anonymous>|node_modules/.test(frame);
  const lines = stack.split("\n").slice(2);
  return lines
    .map((line) => line.trim().replace(/^at /, "").replace(root, ""))
    .filter((frame) => isOwn(frame) && !isLeftOut(frame));
}
