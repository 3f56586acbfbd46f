/** Nodes in words. */
import type { Plan } from "../workload/plan.ts";

/** `client 0`, `server 1`, `replica 2`: counted within their kind. */
export function nodeName(node: number, { topology }: Pick<Plan, "topology">): string {
  const { clients, servers, replicas } = topology;
  if (node < clients) return `client ${node}`;
  if (node < clients + servers) return `server ${node - clients}`;
  if (node < clients + servers + replicas) return `replica ${node - clients - servers}`;
  return "the cache";
}
