/** Oracle for RETRY-1 to RETRY-3 and SIG-3: what clients sent beyond their calls' first attempts, and by which word. */
import type { ClientTraffic, ExtraAttempt, History, Oracle, Violation } from "./history.ts";

type AttemptRule = "RETRY-1" | "RETRY-2" | "RETRY-3" | "SIG-3";
type Broken = Violation<AttemptRule> | undefined;
type Limits = History["traffic"]["limits"];

/** Timers run by true time and clocks do not: within such waits they part by no more than this, microseconds. */
const DRIFT_MAX = 100;

/** A hedge is begun soon after the target. */
const UNHEDGED_MAX = 2_000;

/** Judges clients, of which servers see only the requests that arrive. */
export const attemptsOracle: Oracle<AttemptRule> = {
  name: "attempts",
  rules: ["RETRY-1", "RETRY-2", "RETRY-3", "SIG-3"],
  check: ({ traffic: { limits, clients } }: History) => {
    for (const client of clients) {
      const broken =
        checkClient(client, limits) ??
        checkExtras(client, limits) ??
        checkGivenUp(client, limits) ??
        checkUnhedged(client);
      if (broken !== undefined) return broken;
    }
    return undefined;
  },
};

function checkClient(client: ClientTraffic, { refreshMicros, backoffBase }: Limits): Broken {
  const { otherIntents, strays, longestSilence, longestBudget, longestOverrun } = client;
  const [other, stray] = [otherIntents[0], strays[0]];
  if (other !== undefined) {
    return broken(
      "RETRY-1",
      other,
      "attempts of one mutation carried different tokens or expiries",
    );
  }
  if (stray !== undefined) {
    return broken("RETRY-3", stray, "a hedged attempt was still out when its call had ended");
  }
  // A call that is told to slow down waits a little after it has looked.
  if (longestSilence.micros > refreshMicros + backoffBase + DRIFT_MAX) {
    const found = `a call was sent ${longestSilence.micros} µs after the last word of a server`;
    const what = `${found}, wanted a handshake after ${refreshMicros}`;
    return broken("SIG-3", longestSilence.operation, what);
  }
  if (longestOverrun.beyond > DRIFT_MAX) {
    const what = `a call went on ${longestOverrun.beyond} µs beyond its time, or after it was given up`;
    return broken("RETRY-2", longestOverrun.operation, what);
  }
  if (longestBudget.beyondMax > 0) {
    const what = `an attempt was given ${longestBudget.beyondMax} µs beyond the longest latency told`;
    return broken("SIG-3", longestBudget.operation, what);
  }
  return undefined;
}

/** Whoever has attempts, time and retries left tries again: no client can count on more than it was promised first. */
function checkGivenUp({ givenUp }: ClientTraffic, limits: Limits): Broken {
  const { attemptsMax, backoffMax, retryBurst } = limits;
  const early = givenUp.find(
    ({ attempts, timeLeft, retries }) =>
      attempts < attemptsMax && timeLeft > backoffMax + DRIFT_MAX && retries < retryBurst,
  );
  if (early === undefined) return undefined;
  const { operation, attempts, timeLeft } = early;
  const found = `a call was given up after ${attempts} attempts with ${timeLeft} µs left`;
  return broken("RETRY-2", operation, `${found}, wanted another attempt`);
}

/** A client that has earned a hedge and waits far beyond the target makes one, be it only its first. */
function checkUnhedged({ longestUnhedged }: ClientTraffic): Broken {
  const { operation, calls, beyond } = longestUnhedged;
  if (beyond <= UNHEDGED_MAX) return undefined;
  const found = `an attempt was out ${beyond} µs beyond its target`;
  return broken("RETRY-3", operation, `${found}, and in ${calls} calls none was hedged`);
}

function checkExtras({ extras }: ClientTraffic, limits: Limits): Broken {
  for (const extra of extras) {
    const broken = extra.kind === "retry" ? checkRetry(extra, limits) : checkHedge(extra, limits);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function checkRetry(retry: ExtraAttempt, limits: Limits): Broken {
  const { operation, calls, count, turn, waited } = retry;
  const most = limits.retryBurst + limits.retryShare * calls;
  if (count > most) {
    return broken(
      "RETRY-2",
      operation,
      `${count} retries of ${calls} calls, wanted at most ${most}`,
    );
  }
  if (turn >= limits.attemptsMax) {
    return broken("RETRY-2", operation, `retry ${turn}, wanted fewer than ${limits.attemptsMax}`);
  }
  const least = Math.min(limits.backoffBase * 2 ** (turn - 1), limits.backoffMax) / 2;
  if (waited >= least - DRIFT_MAX) return undefined;
  return broken("RETRY-2", operation, `retry ${turn} came after ${waited} µs, wanted ${least}`);
}

function checkHedge(hedge: ExtraAttempt, { hedgeShare }: Limits): Broken {
  const { operation, calls, count, turn, waited, target } = hedge;
  const most = hedgeShare * calls;
  if (count > most) {
    return broken(
      "RETRY-3",
      operation,
      `${count} hedges of ${calls} calls, wanted at most ${most}`,
    );
  }
  if (turn > 1) return broken("RETRY-3", operation, `attempt ${turn + 1} at a time, wanted two`);
  if (waited >= target - DRIFT_MAX) return undefined;
  return broken("RETRY-3", operation, `a hedge after ${waited} µs, wanted the target, ${target}`);
}

function broken(rule: AttemptRule, operation: number, what: string): Violation<AttemptRule> {
  return { rule, what, operations: [operation] };
}
