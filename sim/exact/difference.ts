/** What came beside what was wanted, in words: of several answers those that differ, each with its name. */
import { toHex } from "kvdal";

/** One of several answers: what it is of, what came, and what was wanted. */
export type NamedAnswer = readonly [says: string, found: unknown, wanted: unknown];

/** Where what came differs from what was wanted. */
export function difference(found: unknown, wanted: unknown): string | undefined {
  if (exactText(found) === exactText(wanted)) return undefined;
  const [came, due] = bothWords(found, wanted);
  return `${came} came, wanted ${due}`;
}

/** The same of several answers. */
export function differences(answers: readonly NamedAnswer[]): string | undefined {
  const wrong = answers.filter(([, found, wanted]) => exactText(found) !== exactText(wanted));
  if (wrong.length === 0) return undefined;
  const words = wrong.map(([says, found, wanted]) => {
    const [came, due] = bothWords(found, wanted);
    return `${says}: ${came}, wanted ${due}`;
  });
  return words.join("; ");
}

/** The same of a table: a name for each of its rows, and for each number that a row has. */
export function tableDifference(
  { rows, columns }: { readonly rows: readonly string[]; readonly columns: readonly string[] },
  found: readonly (readonly unknown[])[],
  wanted: readonly (readonly unknown[])[],
): string | undefined {
  const flaws = rows.flatMap((row, i) => {
    const [came, due] = [found[i] ?? [], wanted[i] ?? []];
    const flaw = differences(columns.map((column, place) => [column, came[place], due[place]]));
    return flaw === undefined ? [] : [`${row}, ${flaw}`];
  });
  return flaws.length === 0 ? difference(found, wanted) : flaws.join("; ");
}

/** Two values in words; where these do not tell them apart, to the last byte. */
function bothWords(found: unknown, wanted: unknown): readonly [string, string] {
  const [came, due] = [valueWords(found), valueWords(wanted)];
  return came === due ? [exactText(found), exactText(wanted)] : [came, due];
}

function exactText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Uint8Array ? toHex(each) : (each ?? null),
  );
}

function valueWords(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value instanceof Uint8Array) return bytesWords(value);
  if (Array.isArray(value)) return listWords(value);
  if (typeof value === "object") return objectWords(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function listWords(values: readonly unknown[]): string {
  if (values.length === 0) return "none";
  const isNested = values.some((value) => Array.isArray(value));
  const words = values.map((value) =>
    Array.isArray(value) ? `(${value.map(valueWords).join(", ")})` : valueWords(value),
  );
  return isNested ? words.join(" ") : words.join(", ");
}

function objectWords(value: object): string {
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${fields.map(([name, each]) => `${name}: ${valueWords(each)}`).join(", ")}}`;
}

/** Longer bytes are told by their number and the first of them. */
const SHORT = 40;
const FIRST = 8;

function bytesWords(bytes: Uint8Array): string {
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (bytes.length <= SHORT && isText) return JSON.stringify(new TextDecoder().decode(bytes));
  if (bytes.length <= SHORT / 2) return `the bytes ${toHex(bytes)}`;
  return `${bytes.length} bytes ${toHex(bytes.slice(0, FIRST))}…`;
}
