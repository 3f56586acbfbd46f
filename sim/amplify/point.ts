/**
 * Amplification points: places of the code under test at which something legal and rare happens more often. Each is a
 * statement that is put into the source while it is loaded by a process that simulates; the source itself, and what is
 * built from it, knows nothing of them. A point only ever inserts.
 */

/** A point. `find` stands exactly once in `file`, and on one line of what is built from it, too. */
export type Point = {
  readonly name: string;
  /** What happens there, as a noun: `a pause between the chunks of a value and the row that commits it`. */
  readonly what: string;
  /** Path from the top of the tree. */
  readonly file: string;
  readonly find: string;
  /** Where the statement goes. */
  readonly side: "before" | "after";
  /** What has the points of who comes by, as the source has it there: the signal of a request, or a client's env. */
  readonly at: string;
  /** What else must hold there. */
  readonly when?: string;
  /** What bounds a pause there, as the source has it: a deadline, and a signal that ends it. */
  readonly within?: string;
  /** What happens; a pause where it is absent. */
  readonly does?: string;
  /** Whether a server has no stamps for what it asks the primary then: it cannot share that read (CACHE-5). */
  readonly passesCache?: true;
  /** The engine without whose adapter nobody comes by; absent where any world may. */
  readonly engine?: "conditional";
  /** Why worlds of a campaign may never come by; absent for those that do. */
  readonly rare?: string;
};

/** The statement that a point puts in. Where nothing is amplified it costs a look at one field, and no microtask. */
export function statementOf({ name, at, when, within, does }: Point): string {
  const said = JSON.stringify(name);
  const asked = `${at}.amplify?.fires(${said})`;
  const isDue = when === undefined ? asked : `${when} && ${asked}`;
  const pause = `await ${at}.amplify.pause(${within === undefined ? said : `${said}, ${within}`});`;
  return `if (${isDue}) { ${does ?? pause} }`;
}

/**
 * The source with the point in it, on the same lines. Undefined where its place is not there, as a planted bug may
 * have it. Throws where it is there more than once.
 */
export function withPoint(point: Point, source: string): string | undefined {
  const places = source.split(point.find).length - 1;
  if (places === 0) return undefined;
  if (places > 1) {
    throw new Error(
      `point ${point.name}: its place stands ${places} times in ${point.file}, wanted once`,
    );
  }
  const [head = "", tail = ""] = source.split(point.find);
  const put = statementOf(point);
  return point.side === "before"
    ? `${head}${put} ${point.find}${tail}`
    : `${head}${point.find} ${put}${tail}`;
}
