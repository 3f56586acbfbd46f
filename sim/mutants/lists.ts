/** Planted bugs in the log of mutations: in its acceptance of lists, in its applier, and in what it tells. */
import type { Mutant } from "./mutant.ts";

const APPLIER = "src/service/apply-lists.ts";

/** Bugs that the oracle of lists finds. */
export const LISTS: readonly Mutant[] = [
  {
    name: "content-of-lists-stays",
    family: "resources",
    rule: "RES-1",
    file: "src/service/list-state.ts",
    find: "isAtomic ? [...note, ...removals] : removals, call",
    replace: "note, call",
  },
  {
    name: "accepted-before-the-marker-is-there",
    family: "log",
    rule: "MUT-1",
    file: "src/service/mutate-items.ts",
    find: "  await writeLog(log, queueRecord(queue), [markerPut(marker)], call());",
    replace:
      "  writeLog(log, queueRecord(queue), [markerPut(marker)], call()).catch(() => undefined);",
  },
  {
    name: "done-before-applied",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "    if (list === undefined) return undefined;\n",
    replace:
      "    if (list === undefined) return undefined;\n    await writeDone(log, token, head.mutations, this.#call());\n",
  },
  {
    name: "marker-removed-before-applied",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "      const marker = await this.#noted(found);",
    replace:
      "      const marker = await this.#noted(found);\n" +
      "      await writeLog(log, queueRecord(found.queue), [markerRemoval(found.token)], this.#call());",
  },
  {
    name: "no-second-attempt-at-a-list",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "if (record.done === undefined && record.head !== undefined) {",
    replace: "if (record.done === undefined && record.head !== undefined && found.attempts < 1) {",
  },
  {
    name: "list-of-a-dead-applier-is-left-to-it",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "      const isOver = await this.#apply(marker);\n",
    replace:
      "      const claims = (this.#parts.env.telemetry.claims ??= new Set());\n" +
      "      const list = `${marker.token.generationTime} ${marker.token.nonce}`;\n" +
      "      if (claims.has(list)) return false;\n" +
      "      claims.add(list);\n" +
      "      const isOver = await this.#apply(marker).finally(() => claims.delete(list));\n",
    faults: ["applier_crash"],
    without: ["server_crash", "restart_storm", "step_crash"],
  },
  {
    name: "last-mutation-first",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "for (let place = 0; place < head.mutations; place += 1) {",
    replace: "for (let place = head.mutations - 1; place >= 0; place -= 1) {",
  },
  {
    name: "overtakes-what-waits",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "      if (waiting.has(record)) continue;\n",
    replace: "",
  },
  {
    name: "poison-for-ever",
    family: "log",
    rule: "MUT-1",
    file: "src/policy/log-rules.ts",
    find: "MAY_PASS.has(code) && refusals < refusalsMax",
    replace: "MAY_PASS.has(code)",
  },
  {
    name: "letter-without-a-place-in-the-list",
    family: "log",
    rule: "MUT-1",
    file: "src/service/dead-letters.ts",
    find: "  await writeLog(log, indexOf(at), [logRow(letterKey(at), value, token, 0)], call());",
    replace: "",
  },
  {
    name: "queue-left-too-early",
    family: "log",
    rule: "MUT-1",
    file: "src/policy/log-rules.ts",
    find: "return now >= (bucket + 1) * bucketMicros + 2 * settleMicros;",
    replace: "return now >= bucket * bucketMicros;",
  },
  {
    name: "queues-looked-for-from-now",
    family: "log",
    rule: "MUT-1",
    file: APPLIER,
    find: "Math.min(queues[0]?.bucket ?? open, open)",
    replace: "open",
  },
  {
    name: "told-to-be-applied-at-once",
    family: "log",
    rule: "MUT-1",
    file: "src/service/list-state.ts",
    find: '{ kind: done === undefined ? "pending" : "applied" }',
    replace: '{ kind: done === -1 ? "pending" : "applied" }',
  },
  {
    name: "one-tick-for-a-whole-list",
    family: "tokens",
    rule: "MUT-2",
    file: "src/service/mutate-items.ts",
    find: "const own = tokenAfter(token, place);",
    replace: "const own = tokenAfter(token, place * 0);",
  },
  {
    name: "tokens-assigned-when-applied",
    family: "tokens",
    rule: "MUT-3",
    file: "src/service/apply-mutation.ts",
    find: "const mutations = engineMutations(logged, namespace, codec, now);",
    replace:
      "const mutations = engineMutations({ mutation, token: { ...token, generationTime: now } }, namespace, codec, now);",
  },
  {
    name: "list-takes-one-tick-of-its-client",
    family: "tokens",
    rule: "TOK-2",
    file: "src/client/token-source.ts",
    find: "const latest = generationTime + ticks - 1;",
    replace: "const latest = generationTime + Math.min(ticks, 1) - 1;",
  },
];
