/** Fault: a server or a replica goes down and comes back with its durable half. */
import { type Micros, MILLISECOND } from "kvdal";
import { between, type KeyedRandom } from "../world/keyed-random.ts";
import type { Span } from "./span.ts";

/** One node, down for a while. */
export type CrashPlan = Span & { readonly node: number };

/** Draws one to four crashes of servers and replicas, all over before `until`. A node is down once at a time. */
export function drawCrashes(
  random: KeyedRandom,
  nodes: { readonly clients: number; readonly servers: number; readonly replicas: number },
  until: Micros,
): readonly CrashPlan[] {
  const crashes: CrashPlan[] = [];
  const count = between(random, 1, 4);
  for (let i = 0; i < count; i += 1) {
    const node = nodes.clients + random.below(nodes.servers + nodes.replicas);
    const at = random.below(until - 10 * MILLISECOND);
    const back = Math.min(at + between(random, 1, 80) * MILLISECOND, until);
    const overlaps = crashes.some(
      (other) => other.node === node && other.at <= back && at <= other.until,
    );
    if (!overlaps) crashes.push({ node, at, until: back });
  }
  return crashes;
}
