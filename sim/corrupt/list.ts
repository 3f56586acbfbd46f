/** All corruptors. Each must be caught wherever it changes what a sound system could have answered. */
import { CONDUCT } from "./conduct.ts";
import type { Corruptor } from "./corruptor.ts";
import { ITEMS } from "./items.ts";
import { OUTCOMES } from "./outcomes.ts";
import { PAGES } from "./pages.ts";
import { REGIONS } from "./regions.ts";

/** Answers first, then what is seen beside them. */
export const CORRUPTORS: readonly Corruptor[] = [
  ...ITEMS,
  ...PAGES,
  ...OUTCOMES,
  ...CONDUCT,
  ...REGIONS,
];
