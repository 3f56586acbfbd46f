/** Planted bugs in the DynamoDB adapter, over the simulated service: what its refusals and half answers are taken for. */
import type { Mutant } from "./mutant.ts";

const SESSION = "src/engines/dynamodb/session.ts";
const READ = "src/engines/dynamodb/read.ts";
const THROTTLED = "ProvisionedThroughputExceededException";
const CONFLICT = "TransactionConflictException";
const FAILURE = "InternalServerError";

const PLANTED: readonly Mutant[] = [
  {
    name: "unprocessed-keys-dropped",
    family: "half answers",
    rule: "DEL-6",
    file: READ,
    find: "wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];",
    replace: "wanted = [];",
    origin:
      "DynamoDB's UnprocessedKeys and UnprocessedItems, left over by a batch and never asked for again",
  },
  {
    name: "half-an-answer-is-a-fault",
    family: "half answers",
    rule: "ERR-3",
    file: READ,
    find: "wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];",
    replace:
      "wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];\n" +
      '    if (wanted.length > 0) throw new KvError("INTERNAL", `${wanted.length} keys without an answer`);',
    faults: ["unprocessed"],
  },
  {
    name: "throttled-put-is-taken-in",
    family: "half answers",
    rule: "TOK-5",
    file: SESSION,
    find: 'if (nameOfCause(error) !== "ConditionalCheckFailedException") throw error;',
    replace:
      `if (nameOfCause(error) === "${THROTTLED}") return { kind: "done" };\n` +
      '    if (nameOfCause(error) !== "ConditionalCheckFailedException") throw error;',
    faults: ["throttle"],
  },
  {
    name: "conflict-is-a-newer-version",
    family: "half answers",
    rule: "TOK-5",
    file: SESSION,
    find: 'if (nameOfCause(error) !== "ConditionalCheckFailedException") throw error;',
    replace: `if (!["ConditionalCheckFailedException", "${CONFLICT}"].includes(nameOfCause(error))) throw error;`,
    faults: ["conflict"],
  },
  {
    name: "failed-put-is-a-done-one",
    family: "half answers",
    rule: "TOK-5",
    file: SESSION,
    find: 'if (nameOfCause(error) !== "ConditionalCheckFailedException") throw error;',
    replace:
      `if (nameOfCause(error) === "${FAILURE}") return { kind: "done" };\n` +
      '    if (nameOfCause(error) !== "ConditionalCheckFailedException") throw error;',
    faults: ["engine_failure"],
  },
];

/** Bugs that worlds over the simulated service find. */
export const CONDITIONAL_BUGS: readonly Mutant[] = PLANTED.map((mutant) => ({
  ...mutant,
  engine: "conditional",
}));
