/** Where the time of a piece of work goes, by module: a CPU profile of this process, summed by the files' folders. */
import { Session } from "node:inspector/promises";

/** A module's share of the samples, in parts of all that are not idle. */
export type ModuleShare = { readonly module: string; readonly share: number };

const SAMPLE_MICROS = 200;
const OURS = /\/(src\/(?:engines\/)?[a-z-]+)\//;
const NODE = /^node:(?:internal\/)?[a-z]+/;
const PACKAGE = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/;

/** Runs the work under the profiler; shares of at least one in a hundred, the largest first. */
export async function profileByModule(work: () => Promise<void>): Promise<readonly ModuleShare[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_MICROS });
    await session.post("Profiler.start");
    await work();
    const { profile } = await session.post("Profiler.stop");
    const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    const counts = new Map<string, number>();
    for (const sample of profile.samples ?? []) {
      const frame = nodes.get(sample);
      if (frame === undefined || frame.functionName === "(idle)") continue;
      const module = moduleOf(frame);
      counts.set(module, (counts.get(module) ?? 0) + 1);
    }
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return [...counts]
      .map(([module, count]) => ({ module, share: count / all }))
      .filter(({ share }) => share >= 0.01)
      .toSorted((a, b) => b.share - a.share);
  } finally {
    session.disconnect();
  }
}

/** Our folders, packages by name, Node's own modules, and what V8 does by itself: garbage, compiling, built-ins. */
function moduleOf({ functionName, url }: { functionName: string; url: string }): string {
  if (functionName.startsWith("(")) return functionName;
  if (url === "") return "built-ins";
  if (url.startsWith("node:")) return NODE.exec(url)?.[0] ?? "node";
  const found = PACKAGE.exec(url)?.[1] ?? OURS.exec(url)?.[1];
  return found ?? "others";
}
