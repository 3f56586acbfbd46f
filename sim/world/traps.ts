/**
 * Trap mode: while a world runs, ambient time, chance and timers throw, with the stack of whoever reached for
 * them. What gets past the lint and the house rules is caught here.
 */

import { callersIn, stackHere } from "./stack.ts";

/** Thrown by a trapped name, and says who reached for it: worlds run without stack traces. */
export class AmbientAccess extends Error {
  constructor(name: string) {
    const [who] = callersIn(stackHere(), (frame) => frame.includes("sim/world/traps.ts"));
    const at = who === undefined ? "" : `, at ${who}`;
    super(`${name} was used inside a simulated world, wanted the env that was handed in${at}`);
    this.name = "AmbientAccess";
  }
}

type Trap = {
  readonly owner: Record<string, unknown>;
  readonly name: string;
  readonly real: unknown;
};

const TRAPPED: readonly (readonly [owner: () => unknown, names: readonly string[]])[] = [
  [() => globalThis, ["Date", "setTimeout", "setInterval", "setImmediate", "fetch"]],
  [() => globalThis, ["Intl", "WeakRef", "FinalizationRegistry", "MessageChannel", "WebSocket"]],
  [() => globalThis.Math, ["random"]],
  [() => globalThis.performance, ["now"]],
  [() => globalThis.crypto, ["getRandomValues", "randomUUID"]],
  [() => globalThis.AbortSignal, ["timeout"]],
  [() => globalThis.process, ["hrtime", "uptime", "memoryUsage", "cpuUsage", "nextTick"]],
];

/**
 * Functions of modules and of built-in prototypes, which code holds on to, or which the engine treats specially: each
 * is replaced once, for good, by one that throws while the traps are set and is itself otherwise.
 */
const GATED: readonly (readonly [owner: () => unknown, names: readonly string[]])[] = [
  [() => builtin("node:timers"), ["setTimeout", "setInterval", "setImmediate"]],
  [() => builtin("node:timers/promises"), ["setTimeout", "setInterval", "setImmediate"]],
  [() => builtin("node:crypto"), ["randomBytes", "randomInt", "randomUUID", "randomFillSync"]],
  [() => builtin("node:os"), ["hostname", "freemem", "loadavg", "uptime"]],
  [() => String.prototype, ["localeCompare", "toLocaleLowerCase", "toLocaleUpperCase"]],
  [() => Number.prototype, ["toLocaleString"]],
  [() => Array.prototype, ["toLocaleString"]],
];

/**
 * Two states: `set` makes the trapped names throw, `lift` gives them back. Both may be repeated. `sprung` is the first
 * access since the traps were set: whoever reached for it may have swallowed the error.
 */
export type Traps = {
  readonly set: () => void;
  readonly lift: () => void;
  readonly sprung: () => AmbientAccess | undefined;
};

/** Prepares the traps, lifted. */
export function createTraps(): Traps {
  const traps = TRAPPED.flatMap(([owner, names]) => names.map((name) => trapOf(owner(), name)));
  let isSet = false;
  let isGated = false;
  let first: AmbientAccess | undefined;
  const spring = (name: string): never => {
    const access = new AmbientAccess(name);
    first ??= access;
    throw access;
  };
  const stubs = traps.map((trap) => stubOf(trap.name, spring));
  const put = (values: readonly unknown[]): void => {
    for (const [i, { owner, name }] of traps.entries()) {
      Object.defineProperty(owner, name, { value: values[i], configurable: true, writable: true });
    }
  };
  const reals = traps.map((trap) => trap.real);
  return {
    set: () => {
      if (isSet) return;
      if (!isGated) gate((name) => (isSet ? spring(name) : undefined));
      isGated = true;
      isSet = true;
      first = undefined;
      put(stubs);
    },
    lift: () => {
      if (!isSet) return;
      isSet = false;
      put(reals);
    },
    sprung: () => first,
  };
}

function trapOf(owner: unknown, name: string): Trap {
  const record = owner as Record<string, unknown>;
  return { owner: record, name, real: record[name] };
}

/** Throws when called, when constructed, and when anything of it is looked up. */
function stubOf(name: string, springs: (name: string) => never): unknown {
  // A plain function: an arrow cannot be constructed, trapped or not.
  function spring(): never {
    return springs(name);
  }
  return new Proxy(spring, { apply: spring, construct: spring, get: spring });
}

/** Puts a gate in front of each function that is to have one. */
function gate(pass: (name: string) => void): void {
  for (const [ownerOf, names] of GATED) {
    const owner = ownerOf() as Record<string, Callable>;
    for (const name of names) {
      const value = new Proxy(owner[name] as Callable, {
        apply: (real, self, args) => {
          pass(name);
          return Reflect.apply<unknown, readonly unknown[], unknown>(real, self, args);
        },
      });
      Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    }
  }
  // Whoever imported one by name has it from now on, too.
  (
    builtin("node:module") as { readonly syncBuiltinESMExports: () => void }
  ).syncBuiltinESMExports();
}

type Callable = (...args: readonly unknown[]) => unknown;

function builtin(name: string): unknown {
  return globalThis.process.getBuiltinModule(name);
}
