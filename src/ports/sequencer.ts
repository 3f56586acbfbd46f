import type { Micros } from "../model/time.ts";

/**
 * One authority for a region that dates mutations: every number is higher than all that it, or whoever was the
 * authority before it, gave out. Asked for `count` numbers, default 1, it gives the first of so many that follow each
 * other, and gives none of those to anybody else. Numbers follow a wall clock closely enough to lie in the servers' window (TOK-3).
 * Rejects with `KvError` UNAVAILABLE when the authority cannot be reached: then nothing was issued.
 */
export type Sequencer = { readonly next: (count?: number) => Promise<Micros> };
