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
import { difference } from "../exact/exact-call.ts";
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

async function round(stage: Stage, { log }: Logged): Promise<readonly number[]> {
  const { applied, deadLetters, pending } = await log.apply(stage.call().signal);
  return [applied, deadLetters, pending];
}

const TRIED: ExactCost = {
  rule: "MUT-1",
  says: "rounds over a list whose namespace is gone, three attempts each: applied, dead letters, lists that wait",
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
    const told = [
      telemetry.counter("log_lists_accepted"),
      telemetry.counter("log_mutations_applied"),
      telemetry.counter("log_dead_letters"),
      telemetry.histogram("log_lists_pending")?.sum,
    ];
    return difference(
      [rounds, told],
      [
        [
          [1, 0, 1],
          [0, 0, 1],
          [0, 1, 0],
          [0, 0, 0],
        ],
        [2, 1, 1, 2],
      ],
    );
  },
};

const WAITED: ExactCost = {
  rule: "MUT-1",
  says: "lists that are handed in while one has waited for a moment, for longer than may be, and after a round",
  ask: async (stage) => {
    const given = await logged(stage);
    const codes: (string | undefined)[] = [];
    for (const pause of [0, MILLISECOND, LAG_MAX]) {
      await stage.pass(pause);
      codes.push((await errorOf(handIn(given)))?.code);
    }
    const rounds = [await round(stage, given)];
    codes.push((await errorOf(handIn(given)))?.code);
    const told = [
      stage.telemetry.counter("log_lists_accepted"),
      stage.telemetry.counter("log_lists_refused"),
      stage.telemetry.histogram("log_lag_micros")?.sum,
    ];
    return difference(
      [codes, rounds, told],
      [[undefined, undefined, "OVERLOADED", undefined], [[2, 0, 0]], [3, 1, 0]],
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
    return difference([letter?.code, isSaid], ["TOKEN_FROM_PAST", true]);
  },
};

/** What lists cost. */
export const LISTS: readonly ExactCost[] = [TRIED, WAITED, TOO_LATE];
