/** Who can go down and come back: servers, and nodes of the engine. */
import type { WorldBackend } from "../backends/backend.ts";
import type { SimNode } from "./node.ts";

/** A node, and how it goes down and comes back. */
export type Member = {
  readonly node: SimNode;
  crash(): void;
  restart(): void;
};

/** The engine's own, on its node. */
export function engineMember(
  node: SimNode,
  backend: Pick<WorldBackend, "crash" | "restart">,
): Member {
  return { node, crash: () => backend.crash(node), restart: () => backend.restart(node) };
}

/** Takes it down. What is returned brings it back, unless something has taken it down once more since. */
export function takeDown(member: Member): () => void {
  const { node } = member;
  member.crash();
  const { incarnation } = node;
  return () => {
    if (node.incarnation === incarnation) member.restart();
  };
}
