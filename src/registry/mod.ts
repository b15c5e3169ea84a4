/**
 * Names: the table, the actor that keeps it, and each node's way to it.
 *
 * @module
 */
export { RegistryClient } from "./client.ts";
export type { RegistryLink } from "./client.ts";
export { BadRegistryRequestError } from "./errors.ts";
export { GroupTable } from "./group_table.ts";
export { registryListener } from "./listener.ts";
export { registry, REGISTRY_NAME } from "./registry.ts";
export { NameTable } from "./table.ts";
export type * from "./wire.ts";
