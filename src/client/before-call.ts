/** What a call does before its first request: asks a server that it has long not heard of, and heeds its load (SIG-3). */
import type { HandshakeRequest, KvRequest } from "../model/request.ts";
import { KvError } from "../model/error.ts";
import type { Micros } from "../model/time.ts";
import { throttle } from "../policy/throttle.ts";
import { pause } from "../ports/pause.ts";
import type { CallBounds, CallParts } from "./call.ts";
import type { NamespaceView } from "./namespace-view.ts";

/**
 * Undefined when the request may go at once, as nearly always. Throws, or rejects with, OVERLOADED when the call is not
 * to be sent. A call that is over already is none of this file's business.
 */
export function beforeCall(
  request: KvRequest,
  now: Micros,
  bounds: CallBounds,
  view: NamespaceView,
  parts: CallParts,
): Promise<void> | undefined {
  if (bounds.isUnderWay || request.kind === "handshake") return undefined;
  bounds.isUnderWay = true;
  if (view.isQuiet(now) || bounds.signal.aborted || !(bounds.deadline > now)) return undefined;
  return view.isSilent(now)
    ? askFirst(request.namespace, now, bounds, view, parts)
    : admitted(now, bounds, view, parts);
}

/**
 * Every reply tells all there is to know, so this is for a client that made no calls, or whose calls all failed: they
 * might by what was true before, as time-outs do at a longest latency that was raised since.
 */
async function askFirst(
  namespace: string,
  now: Micros,
  bounds: CallBounds,
  view: NamespaceView,
  parts: CallParts,
): Promise<void> {
  const { env, limits, capabilities, transport } = parts;
  view.ask(now);
  env.telemetry.count("handshakes_after_silence");
  const request: HandshakeRequest = { kind: "handshake", namespace, capabilities };
  // Where no answer comes, half of the time is left for the call itself.
  const budget = Math.min(limits.attemptTimeoutMicros, Math.ceil((bounds.deadline - now) / 2));
  try {
    const { server } = await transport(request, { budget, signal: bounds.signal, turn: 0 });
    parts.view.hear(view, server, now, env.clock.monotonic());
  } catch {
    // The call goes by what was known before: its own attempts will tell what is wrong.
  }
  await admitted(env.clock.monotonic(), bounds, view, parts);
}

function admitted(
  now: Micros,
  { priority, deadline, signal }: CallBounds,
  view: NamespaceView,
  { env, limits, random }: CallParts,
): Promise<void> | undefined {
  const pressure = view.pressure(now);
  if (pressure === undefined) return undefined;
  const draw = random.below(0x1_0000);
  const decision = throttle({ ...pressure, advice: view.advice(now), priority, draw });
  switch (decision.kind) {
    case "send":
      return undefined;
    case "wait": {
      env.telemetry.count("calls_slowed");
      const half = Math.ceil(Math.min(limits.backoffBase, deadline - now) / 2);
      return pause(env.timers, half + Math.floor((half * draw) / 0x1_0000), signal);
    }
    case "drop": {
      // What a server asked for is no sign of what it would refuse.
      if (decision.why === "refusals") view.dropCall();
      env.telemetry.count("calls_dropped");
      const { attempts, refused } = pressure;
      const found =
        decision.why === "advice"
          ? `a server asked for less, and this call is ${priority}`
          : `servers refused ${refused} of ${attempts} attempts lately`;
      throw new KvError("OVERLOADED", `not sent: ${found}, wanted a less loaded server`);
    }
    default:
      throw decision satisfies never;
  }
}
