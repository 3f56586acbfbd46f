/** Makes a list on which two engines differ as short as it gets: parts are left out as long as they differ without them. */

/** Most runs that a list is worth. */
const TRIES_MAX = 200;

/** A sublist that still fails, of which no single element can be left out any more, within so many tries. */
export async function shrink<T>(
  list: readonly T[],
  fails: (list: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let shortest = list;
  let tries = 0;
  for (let size = Math.ceil(list.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let hasShrunk = true;
    while (hasShrunk) {
      hasShrunk = false;
      for (let from = 0; from < shortest.length && tries < TRIES_MAX; ) {
        const rest = [...shortest.slice(0, from), ...shortest.slice(from + size)];
        tries += 1;
        if (rest.length > 0 && (await fails(rest))) {
          shortest = rest;
          hasShrunk = true;
        } else from += size;
      }
    }
  }
  return shortest;
}
