/** Lines of a step that runs in the background, and when they are shown. */
export type HeldLines = {
  readonly say: (line: string) => void;
  /** Shows what was said so far, and from now on each line as it comes. */
  readonly release: () => void;
};

/** Keeps lines back until it is their turn, so that what runs side by side is still read one after the other. */
export function heldLines(show: (line: string) => void = (line) => console.log(line)): HeldLines {
  let held: string[] | undefined = [];
  return {
    say: (line) => {
      if (held === undefined) show(line);
      else held.push(line);
    },
    release: () => {
      const lines = held ?? [];
      held = undefined;
      for (const line of lines) show(line);
    },
  };
}
