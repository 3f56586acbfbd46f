/** What lists of mutations cost: rounds and attempts until their end, and how old one may be while others are taken. */
import { type Micros, MILLISECOND, MINUTE, SECOND, utf8 } from "kvdal";
import { createClient, type KvClient } from "kvdal/client";
import {
  createService,
  inProcess,
  type LogOptions,
  logTable,
  type MutationLog,
  mutationLog,
  namespaceRegistry,
  namespaceSnapshot,
  type ReplaceableRegistry,
  resolveLog,
  resolveNamespace,
} from "kvdal/service";
import { differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { errorOf, type Stage, STAGE_NAMESPACE } from "./stage.ts";

/** A namespace that may go. */
const GOING = "going";
const MAX_AGE: Micros = 10 * SECOND;
/** The least there is. */
const APPLY_MAX: Micros = MINUTE;
const ATTEMPTS = 3;
const BACKOFF: Micros = MILLISECOND;
const LAG_MAX: Micros = SECOND;

const LOG: LogOptions = {
  attemptsMax: ATTEMPTS,
  backoffMicros: BACKOFF,
  backoffMicrosMax: BACKOFF,
  lagMicrosMax: LAG_MAX,
};

/** A server with a log, and a client of it. */
type Logged = {
  readonly client: KvClient;
  readonly log: MutationLog;
  /** Takes the namespace away that may go. */
  readonly take: () => void;
};

async function logged(stage: Stage): Promise<Logged> {
  const { env, engine } = stage;
  const options = { tokens: { maxAge: MAX_AGE }, applyMicrosMax: APPLY_MAX };
  const namespaces = [STAGE_NAMESPACE, GOING].map((name) =>
    resolveNamespace({ ...options, name }, { primary: engine.engine }),
  );
  for (const namespace of namespaces) await stage.provision(namespace);
  const served = namespaces.map((namespace) => ({ namespace, aliases: [] }));
  const registry: ReplaceableRegistry = namespaceRegistry(namespaceSnapshot("1", served));
  const kept = resolveLog(LOG, engine.engine);
  await engine.engine.provision(logTable(kept), stage.call());
  const log = mutationLog({ env, log: kept, namespaces: registry });
  const service = createService({ env, mac: stage.mac, namespaces: registry, log });
  const limits = { attemptsMax: 1 };
  return {
    client: createClient({ env, transport: inProcess(service, env), limits }),
    log,
    take: () => registry.replace(namespaceSnapshot("2", served.slice(0, 1))),
  };
}

const handIn = ({ client }: Logged, namespace = STAGE_NAMESPACE) =>
  client.mutateItems({
    mutations: [{ namespace, id: "record", put: [{ key: utf8("key"), value: utf8("value") }] }],
  });

const NTH_ROUND = ["first round", "second round", "third round", "fourth round"];
/** What rounds are judged by. */
const ROUND = ["mutations applied", "dead letters", "lists that wait"];

async function round(stage: Stage, { log }: Logged): Promise<readonly number[]> {
  const { applied, deadLetters, pending } = await log.apply(stage.call().signal);
  return [applied, deadLetters, pending];
}

const TRIED: ExactCost = {
  rule: "MUT-1",
  says: "rounds over a list that is applied and one whose namespace is gone, three attempts each",
  ask: async (stage) => {
    const given = await logged(stage);
    await handIn(given);
    await handIn(given, GOING);
    given.take();
    const rounds: (readonly number[])[] = [];
    for (let turn = 0; turn <= ATTEMPTS; turn += 1) {
      rounds.push(await round(stage, given));
      await stage.pass(2 * BACKOFF);
    }
    const { telemetry } = stage;
    const flaw = tableDifference({ rows: NTH_ROUND, columns: ROUND }, rounds, [
      [1, 0, 1],
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    const told = differences([
      ["lists counted as accepted", telemetry.counter("log_lists_accepted"), 2],
      ["mutations counted as applied", telemetry.counter("log_mutations_applied"), 1],
      ["dead letters counted", telemetry.counter("log_dead_letters"), 1],
      ["lists counted as waiting, all rounds", telemetry.histogram("log_lists_pending")?.sum, 2],
    ]);
    return flaw ?? told;
  },
};

const WAITED: ExactCost = {
  rule: "MUT-1",
  says: "lists that are handed in while one waits",
  ask: async (stage) => {
    const given = await logged(stage);
    const codes: (string | undefined)[] = [];
    for (const pause of [0, MILLISECOND, LAG_MAX]) {
      await stage.pass(pause);
      codes.push((await errorOf(handIn(given)))?.code);
    }
    const rounds = [await round(stage, given)];
    codes.push((await errorOf(handIn(given)))?.code);
    const { telemetry } = stage;
    const answers = differences([
      ["error of the first", codes[0], undefined],
      ["error of one after a moment", codes[1], undefined],
      ["error of one when one has waited for longer than may be", codes[2], "OVERLOADED"],
      ["error of one after a round", codes[3], undefined],
      ["lists counted as accepted", telemetry.counter("log_lists_accepted"), 3],
      ["lists counted as refused", telemetry.counter("log_lists_refused"), 1],
      ["lag told, microseconds", telemetry.histogram("log_lag_micros")?.sum, 0],
    ]);
    return (
      answers ?? tableDifference({ rows: ["that round"], columns: ROUND }, rounds, [[2, 0, 0]])
    );
  },
};

const TOO_LATE: ExactCost = {
  rule: "DEL-5",
  says: "why a mutation is a dead letter that was applied too late",
  ask: async (stage) => {
    const given = await logged(stage);
    const { token } = await handIn(given);
    const late = SECOND;
    stage.ahead = MAX_AGE + APPLY_MAX + late;
    await round(stage, given);
    const [letter] = await given.log.deadLetters.list(undefined, stage.call().signal);
    const by = stage.env.clock.wall() - token.generationTime - MAX_AGE - APPLY_MAX;
    const isSaid = letter?.reason.includes(`is ${by} µs too late`);
    return differences([
      ["its code", letter?.code, "TOKEN_FROM_PAST"],
      ["it says by how much", isSaid, true],
    ]);
  },
};

/** What lists cost. */
export const LISTS: readonly ExactCost[] = [TRIED, WAITED, TOO_LATE];
