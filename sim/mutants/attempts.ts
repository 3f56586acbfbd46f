/** Planted bugs in retries, hedges, and in what clients make of what servers tell them. */
import type { Mutant } from "./mutant.ts";

/** What is between clients and servers, and when it takes what it is handed once more for another request. */
type Gateway = Pick<Mutant, "name" | "faults" | "without"> & { readonly when: string };

function atGateway({ when, ...gateway }: Gateway): Mutant {
  return {
    ...gateway,
    family: "idempotency",
    rule: "TOK-4",
    file: "sim/world/sim-client.ts",
    find: "      server.receive(request, sentTo, (answer) => {\n",
    replace:
      "      const later = (token) => ({ ...token, generationTime: token.generationTime + 1 });\n" +
      `      const isAnother = ${when} && request.kind === "put_items";\n` +
      "      const handed = isAnother ? { ...request, token: later(request.token) } : request;\n" +
      "      server.receive(handed, sentTo, (answer) => {\n",
  };
}

/** Bugs that the oracle of attempts finds. */
export const ATTEMPTS: readonly Mutant[] = [
  {
    name: "hedge-with-new-token",
    family: "idempotency",
    rule: "RETRY-1",
    file: "src/client/hedged-attempt.ts",
    find: "this.#hedging.transport(this.#request, {",
    replace:
      "this.#hedging.transport(turn === this.#call.turn || !isMutation(this.#request) ? this.#request : " +
      "{ ...this.#request, token: { ...this.#request.token, " +
      "generationTime: this.#request.token.generationTime + turn } }, {",
  },
  {
    name: "retry-budget-ignored",
    family: "retries",
    rule: "RETRY-2",
    file: "src/client/call.ts",
    find: "isAffordable: view.canRetry(),",
    replace: "isAffordable: true,",
  },
  {
    name: "retry-at-once",
    family: "retries",
    rule: "RETRY-2",
    file: "src/client/call.ts",
    find: "await pause(timers, decision.after, signal);",
    replace: "await pause(timers, Math.floor(decision.after / 4), signal);",
  },
  {
    name: "call-outlives-its-time",
    family: "deadlines",
    rule: "RETRY-2",
    file: "src/client/call.ts",
    find: "    const left = deadline - now;\n",
    replace: "    const left = parts.limits.attemptTimeoutMicros;\n",
  },
  {
    name: "caller-gives-up-unheard",
    family: "cancellation",
    rule: "RETRY-2",
    file: "src/client/call.ts",
    find: "  const call = { budget, signal, turn };",
    replace: "  const call = { budget, signal: new AbortController().signal, turn };",
    faults: ["give_up"],
  },
  {
    name: "reads-not-tried-again",
    family: "retries",
    rule: "RETRY-2",
    file: "src/client/call.ts",
    find: "retry: last.retry,",
    replace: "retry: isMutation(request) ? last.retry : 'never',",
  },
  {
    name: "hedges-uncapped",
    family: "hedges",
    rule: "RETRY-3",
    file: "src/client/namespace-view.ts",
    find: "return canAfford(this.#hedgeCredit) && ",
    replace: "return ",
  },
  {
    name: "never-hedges",
    family: "hedges",
    rule: "RETRY-3",
    file: "src/policy/hedge.ts",
    find: "hedgeAfter: mayHedge && target < budget ? target : undefined",
    replace: "hedgeAfter: undefined",
  },
  {
    name: "hedge-before-the-target",
    family: "hedges",
    rule: "RETRY-3",
    file: "src/client/call.ts",
    find: "after: hedgeAfter,",
    replace: "after: Math.floor(hedgeAfter / 2),",
  },
  {
    name: "loser-not-cancelled",
    family: "hedges",
    rule: "RETRY-3",
    file: "src/client/hedged-attempt.ts",
    find: "    for (const other of out) if (other !== last) other.abort(LOST);\n",
    replace: "",
  },
  {
    name: "refusal-beside-a-hedge-is-final",
    family: "outcomes",
    rule: "TOK-8",
    file: "src/client/hedged-attempt.ts",
    find: "if (this.#out.length > 0) return;",
    replace: "if (this.#out.length > 0 && error.retry !== 'never') return;",
  },
  {
    name: "attempts-outlast-the-longest-latency",
    family: "signals",
    rule: "SIG-3",
    file: "src/policy/hedge.ts",
    find: "const budget = Math.min(within, max);",
    replace: "const budget = Math.max(within, max);",
  },
  {
    name: "told-once-and-for-all",
    family: "signals",
    rule: "SIG-3",
    file: "src/client/namespace-view.ts",
    find: "this.facts = facts;",
    replace: "this.facts ??= facts;",
    faults: ["levels_change"],
  },
  {
    name: "silence-unnoticed",
    family: "signals",
    rule: "SIG-3",
    file: "src/client/before-call.ts",
    find: "return view.isSilent(now)\n",
    replace: "return view.isSilent(0)\n",
  },
  atGateway({
    name: "gateway-stamps-what-it-is-handed-twice",
    faults: ["double_delivery"],
    when: "deliveries > 1",
  }),
  atGateway({
    name: "gateway-forgets-what-it-was-handed-long-ago",
    faults: ["late_replay"],
    without: ["tails"],
    when: "node.world.now - (deliver.firstAt ??= node.world.now) > 20_000",
  }),
];
