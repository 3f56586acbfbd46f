/** Who called: the stack of here and now, for what is worth it. Worlds run with stack traces off. */

/** The top of the tree, as stacks spell it: as an address, or as a path. */
const ROOT = new URL("../..", import.meta.url);
const ROOTS: readonly string[] = [ROOT.href, decodeURIComponent(ROOT.pathname)];
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
  const own = (frame: string): boolean => !/node:|<anonymous>|node_modules/.test(frame);
  const lines = stack.split("\n").slice(2);
  return lines.map((line) => frameOf(line)).filter((frame) => own(frame) && !isLeftOut(frame));
}

function frameOf(line: string): string {
  const frame = line.trim().replace(/^at /, "");
  return ROOTS.reduce((text, root) => text.replace(root, ""), frame);
}
