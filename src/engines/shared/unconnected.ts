/** Failures of a connection that was never made: nothing was sent, and nothing was done (TOK-8). */

/** Of looking a name up, or of connecting: no socket that is in use has them. */
const ALWAYS: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** Also of a socket that is in use, when its route goes away. */
const WHILE_CONNECTING: ReadonlySet<unknown> = new Set(["EHOSTUNREACH", "ENETUNREACH"]);

/** Whether a system error says so. */
export function isUnconnected({ code, syscall }: Readonly<Record<string, unknown>>): boolean {
  return ALWAYS.has(code) || (WHILE_CONNECTING.has(code) && syscall === "connect");
}
