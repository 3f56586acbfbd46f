/** Mutual exclusion for read-compare-write within one process: of rows, or of a record with all that it may get. */

/** The rows of a record that work is about, by name; undefined for all of it. */
export type Claim = ReadonlySet<string> | undefined;

/** A claim of the rows at these keys. */
export function rowsClaimed(keys: readonly Uint8Array[]): Claim {
  return new Set(keys.map(nameOf));
}

/** Bytes as a text of one unit a byte, for maps and sets. */
export function nameOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("latin1");
}

/**
 * Runs `work` while nobody else holds any of what it claims of `record`. Claims that have something in common get
 * their turn in the order of the calls; the others run side by side.
 */
export type RowLock = <T>(record: string, claim: Claim, work: () => Promise<T>) => Promise<T>;

type Holder = { readonly claim: Claim; readonly end: Promise<void> };

/** A lock without limit of records; a record that nobody holds or waits for takes no memory (RES-1). */
export function createRowLock(): RowLock {
  const holders = new Map<string, Set<Holder>>();
  return async (record, claim, work) => {
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const mine: Holder = { claim, end };
    const others = holders.get(record);
    if (others === undefined) holders.set(record, new Set([mine]));
    else {
      // Only for those who came before: so nobody waits in a circle.
      const before = [...others].filter((other) => meets(other.claim, claim));
      others.add(mine);
      await Promise.all(before.map((other) => other.end));
    }
    try {
      return await work();
    } finally {
      const left = holders.get(record);
      left?.delete(mine);
      if (left?.size === 0) holders.delete(record);
      resolve();
    }
  };
}

function meets(one: Claim, other: Claim): boolean {
  if (one === undefined || other === undefined) return true;
  for (const row of one) if (other.has(row)) return true;
  return false;
}
