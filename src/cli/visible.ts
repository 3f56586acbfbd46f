/** Texts of others, as engines' errors are, on their way to a terminal. */

/** Characters that a terminal obeys in place of showing them, but for the ends of lines and tabs. */
// oxlint-disable-next-line no-control-regex -- these are what it is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The text with each of them spelled as in a string of JavaScript: `\u001b`. */
export function visible(text: string): string {
  return text.replace(CONTROLS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
