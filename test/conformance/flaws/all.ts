/** Every planted flaw. */
import { attemptFlaws } from "./attempt-flaws.ts";
import { cachedFlaws } from "./cached-flaws.ts";
import { chunkFlaws } from "./chunk-flaws.ts";
import { clientFlaws } from "./client-flaws.ts";
import { compressionFlaws } from "./compression-flaws.ts";
import { conditionalPutFlaws } from "./conditional-put-flaws.ts";
import { consistencyFlaws } from "./consistency-flaws.ts";
import type { Flaw } from "./flaw.ts";
import { keyAndValueFlaws } from "./key-and-value-flaws.ts";
import { listFlaws } from "./list-flaws.ts";
import { portFlaws } from "./port-flaws.ts";
import { scanFlaws } from "./scan-flaws.ts";
import { workFlaws } from "./work-flaws.ts";
import { pageFlaws, versionFlaws } from "./version-flaws.ts";

export const FLAWS: readonly Flaw[] = [
  ...keyAndValueFlaws,
  ...versionFlaws,
  ...pageFlaws,
  ...clientFlaws,
  ...chunkFlaws,
  ...compressionFlaws,
  ...workFlaws,
  ...consistencyFlaws,
  ...conditionalPutFlaws,
  ...attemptFlaws,
  ...scanFlaws,
  ...listFlaws,
  ...cachedFlaws,
  ...portFlaws,
];
