/** Runs again what a real engine's own failure spoilt. */

/** How often a world over a real engine is run that proves nothing. */
const TRIES_MAX = 3;

/** The first run that proves something, or the last of three; `onSpoilt` is called for each that does not. */
export async function conclusive<R extends { readonly inconclusive?: string | undefined }>(
  run: () => Promise<R>,
  onSpoilt: () => void = () => {},
): Promise<R> {
  for (let tries = 1; ; tries += 1) {
    const result = await run();
    if (result.inconclusive === undefined) return result;
    onSpoilt();
    if (tries === TRIES_MAX) return result;
  }
}
