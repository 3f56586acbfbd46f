/**
 * Trap mode: while a world runs, ambient time, chance and timers throw, with the stack of whoever reached for
 * them. What gets past the lint and the house rules is caught here.
 */

/** Thrown by a trapped name. */
export class AmbientAccess extends Error {
  constructor(name: string) {
    super(`${name} was used inside a simulated world, wanted the env that was handed in`);
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
  [() => globalThis.Math, ["random"]],
  [() => globalThis.performance, ["now"]],
  [() => globalThis.crypto, ["getRandomValues", "randomUUID"]],
  [() => globalThis.AbortSignal, ["timeout"]],
  [() => globalThis.process, ["hrtime", "uptime"]],
];

/** Two states: `set` makes the trapped names throw, `lift` gives them back. Both may be repeated. */
export type Traps = { readonly set: () => void; readonly lift: () => void };

/** Prepares the traps, lifted. */
export function createTraps(): Traps {
  const traps = TRAPPED.flatMap(([owner, names]) => names.map((name) => trapOf(owner(), name)));
  const stubs = traps.map((trap) => stubOf(trap.name));
  let isSet = false;
  const put = (values: readonly unknown[]): void => {
    for (const [i, { owner, name }] of traps.entries()) {
      Object.defineProperty(owner, name, { value: values[i], configurable: true, writable: true });
    }
  };
  const reals = traps.map((trap) => trap.real);
  return {
    set: () => {
      if (isSet) return;
      isSet = true;
      put(stubs);
    },
    lift: () => {
      if (!isSet) return;
      isSet = false;
      put(reals);
    },
  };
}

function trapOf(owner: unknown, name: string): Trap {
  const record = owner as Record<string, unknown>;
  return { owner: record, name, real: record[name] };
}

/** Throws when called, when constructed, and when anything of it is looked up. */
function stubOf(name: string): unknown {
  // A plain function: an arrow cannot be constructed, trapped or not.
  function spring(): never {
    throw new AmbientAccess(name);
  }
  return new Proxy(spring, { apply: spring, construct: spring, get: spring });
}
