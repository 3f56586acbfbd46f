/** Every case, in the order of topics. */
import type { CacheCase, ConformanceCase } from "../kit/conformance-case.ts";
import { aliasCases } from "./aliases.ts";
import { cacheConductCases } from "./cache-conduct.ts";
import { cacheEntryCases } from "./cache-entries.ts";
import { cachedCases } from "./cached.ts";
import { chunkClientCases } from "./chunk-clients.ts";
import { chunkCollectionCases } from "./chunk-collection.ts";
import { chunkCommitCases } from "./chunk-commits.ts";
import { chunkDamageCases } from "./chunk-damage.ts";
import { chunkCases } from "./chunks.ts";
import { compressedPutCases } from "./compressed-puts.ts";
import { compressionCases } from "./compression.ts";
import { conditionalPutCases } from "./conditional-puts.ts";
import { configuredCases } from "./configured.ts";
import { costCases } from "./costs.ts";
import { consistencyCases } from "./consistency.ts";
import { dataCases } from "./data.ts";
import { deadRowCases } from "./dead-rows.ts";
import { deleteCases } from "./delete.ts";
import { dictionaryCases } from "./dictionaries.ts";
import { engineClockCases } from "./engine-clock.ts";
import { errorCases } from "./errors.ts";
import { getCases } from "./get.ts";
import { hedgeCases } from "./hedges.ts";
import { idCases } from "./ids.ts";
import { idempotencyCases } from "./idempotency.ts";
import { lastWriteWinsCases } from "./last-write-wins.ts";
import { lateWriteCases } from "./late-writes.ts";
import { limitCases } from "./limits.ts";
import { listCases } from "./lists.ts";
import { logCases } from "./log.ts";
import { namespaceCases } from "./namespaces.ts";
import { orderCases } from "./order.ts";
import { pageTokenCases } from "./page-tokens.ts";
import { pageCases } from "./pages.ts";
import { putCases } from "./put.ts";
import { rangeCases } from "./ranges.ts";
import { resourceCases } from "./resources.ts";
import { retryCases } from "./retries.ts";
import { scanConductCases } from "./scan-conduct.ts";
import { scanTokenCases } from "./scan-tokens.ts";
import { scanCases } from "./scans.ts";
import { serviceLevelCases } from "./service-levels.ts";
import { signalCases } from "./signals.ts";
import { tieCases } from "./ties.ts";
import { tokenSourceCases } from "./token-sources.ts";
import { tokenCases } from "./tokens.ts";
import { ttlCases } from "./ttl.ts";

/** Cases that judge how time is spent. */
const timed = (cases: readonly ConformanceCase[]): readonly ConformanceCase[] =>
  cases.map((one) => ({ ...one, isTimed: true }));

/** The cases of storage engines. */
export const storageCases: readonly ConformanceCase[] = [
  ...dataCases,
  ...orderCases,
  ...idCases,
  ...namespaceCases,
  ...configuredCases,
  ...aliasCases,
  ...limitCases,
  ...putCases,
  ...conditionalPutCases,
  ...tokenCases,
  ...tokenSourceCases,
  ...idempotencyCases,
  ...lastWriteWinsCases,
  ...tieCases,
  ...getCases,
  ...rangeCases,
  ...pageCases,
  ...pageTokenCases,
  ...deadRowCases,
  ...costCases,
  ...timed([...serviceLevelCases, ...retryCases, ...hedgeCases, ...signalCases]),
  ...scanCases,
  ...scanTokenCases,
  ...scanConductCases,
  ...deleteCases,
  ...lateWriteCases,
  ...ttlCases,
  ...chunkCases,
  ...chunkCommitCases,
  ...chunkCollectionCases,
  ...chunkDamageCases,
  ...chunkClientCases,
  ...compressionCases,
  ...compressedPutCases,
  ...dictionaryCases,
  ...listCases,
  ...logCases,
  ...consistencyCases,
  ...cachedCases,
  ...errorCases,
  ...resourceCases,
  ...engineClockCases,
];

/** The cases of caches. */
export const cacheCases: readonly CacheCase[] = [...cacheEntryCases, ...cacheConductCases];
