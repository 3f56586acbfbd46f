/** Door for those who run the service themselves: the server, its namespaces and the in-process transport. */
export { type Namespace, type NamespaceOptions, resolveNamespace } from "./namespace/namespace.ts";
export { type Mac, MAC_BYTES } from "./ports/mac.ts";
export { inProcess } from "./rpc/in-process.ts";
export { createService, type KvService } from "./service/service.ts";
export type { ServiceCall, ServiceParts } from "./service/service-parts.ts";
