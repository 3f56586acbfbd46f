/** `kvdal cache-race`: stale reads of kvdal's cache tier and of naive protocols, on a memcached that is disturbed. */
import { Command } from "commander";
import {
  flushMemcached,
  type NamedProtocol,
  PROTOCOLS,
  race,
  type RaceResult,
  type RaceServer,
  type RealEngine,
} from "kvdal/conformance";
import { systemEnv } from "../system/env.ts";
import { runNative } from "../system/native.ts";
import { STORAGE_ENGINES, storageByName } from "./engine-by-name.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { requireRealEngine } from "./real-engine.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = { readonly seconds: number; readonly engine: string; readonly json?: boolean };

const SECONDS_DEFAULT = 20;

const lines = PROTOCOLS.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`);

const EXAMPLES = `
Readers and writers share a few items over a memcached of their own. 15 of 100 cache commands get no answer: they never
arrive, or arrive without an answer, or late. Every few seconds it is emptied, and killed and started again. A read is
stale when it shows less than was acknowledged before it began.

Protocols:
${lines.join("\n")}

Examples:
  kvdal cache-race                                   20 s a protocol
  kvdal cache-race --seconds 5 --json                for a program to read
  kvdal cache-race --engine cassandra --seconds 60   over a real primary

Exit codes: 0 no stale read with kvdal and some with each of the others, 1 otherwise, 2 wrong usage, 3 memcached or
the primary is not available.`;

/** The command. */
export function cacheRaceCommand(): Command {
  return new Command("cache-race")
    .description("Counts stale reads of cached data while memcached loses commands and restarts.")
    .option("--seconds <n>", "length of each race", wholeNumber(2, 86_400), SECONDS_DEFAULT)
    .option("--engine <name>", `the primary: ${STORAGE_ENGINES.join(", ")}`, "memory")
    .option("--json", "print the results as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      const results = await raceAll(options);
      if (options.json === true) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
      else for (const line of tableOf(results)) process.stdout.write(`${line}\n`);
      const doubts = doubtsOf(results);
      for (const doubt of doubts) process.stderr.write(`kvdal: ${doubt}\n`);
      process.exitCode = doubts.length === 0 ? 0 : EXIT_FAILED;
    });
}

async function raceAll({ seconds, engine, json = false }: Options): Promise<readonly RaceResult[]> {
  if (!STORAGE_ENGINES.includes(engine)) {
    const wanted = `wanted one of: ${STORAGE_ENGINES.join(", ")}`;
    throw new CliError(EXIT_USAGE, `the engine is "${engine}", ${wanted}`);
  }
  // Of its own: it is killed.
  const memcached = await requireRealEngine("memcached", { shared: false });
  try {
    const storage = await storageByName(engine);
    try {
      const env = systemEnv();
      const primary = await storage.adapter.open({ env, native: runNative });
      try {
        const results: RaceResult[] = [];
        for (const protocol of PROTOCOLS) {
          const progress =
            json && !process.stderr.isTTY ? {} : { onProgress: progressOf(protocol) };
          const server = serverOf(memcached);
          results.push(await race(protocol, { env, primary, server, seconds, ...progress }));
        }
        return results;
      } finally {
        await primary.close();
      }
    } finally {
      await storage.stop();
    }
  } finally {
    await memcached.release();
  }
}

function serverOf(engine: RealEngine): RaceServer {
  return {
    address: () => engine.endpoint().address,
    flush: () => flushMemcached(engine),
    restart: async () => {
      await engine.kill();
      await engine.start();
    },
  };
}

/** On a terminal one line that is written over; elsewhere one when a race ends. */
function progressOf({ name }: NamedProtocol): (soFar: RaceResult, secondsLeft: number) => void {
  return ({ reads, staleReads, restarts }, secondsLeft) => {
    const line = `${name}: ${reads} reads, ${staleReads} stale, ${restarts} restarts, ${secondsLeft} s left`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${secondsLeft === 0 ? "" : line}`);
    else if (secondsLeft === 0) process.stderr.write(`${line}\n`);
  };
}

function tableOf(results: readonly RaceResult[]): readonly string[] {
  const count = (n: number): string => n.toLocaleString("en").padStart(10);
  const columns = ["reads", "stale", "from cache", "writes", "lost", "restarts", "flushes"];
  const head = `${"protocol".padEnd(16)}${columns.map((name) => name.padStart(11)).join("")}`;
  const rows = results.map((result) => {
    const { reads, staleReads, cacheHits, writes, lostCommands, restarts, flushes } = result;
    const counts = [reads, staleReads, cacheHits, writes, lostCommands, restarts, flushes];
    return `${result.protocol.padEnd(16)}${counts.map((n) => ` ${count(n)}`).join("")}`;
  });
  return [head, ...rows];
}

/** Why the races do not show what they are to show. */
function doubtsOf(results: readonly RaceResult[]): readonly string[] {
  return results.map(doubtOf).filter((doubt) => doubt !== undefined);
}

function doubtOf({ protocol, reads, staleReads, cacheHits }: RaceResult): string | undefined {
  const named = PROTOCOLS.find(({ name }) => name === protocol);
  if (named?.promises === true) {
    if (staleReads > 0) return `${staleReads} reads of ${protocol} were stale, wanted 0`;
    return cacheHits > 0 ? undefined : `no read of ${protocol} came from the cache, wanted some`;
  }
  if (staleReads > 0) return undefined;
  const wanted = "wanted some: the races were too short to prove anything";
  return `none of ${reads} reads of ${protocol} was stale, ${wanted}`;
}
