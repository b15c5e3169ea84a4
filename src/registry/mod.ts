/**
 * Names: the table, the actor that keeps it, and each node's way to it.
 *
 * @module
 */
export { RegistryClient } from "./client.ts";
export type { RegistryLink } from "./client.ts";
export { registry, REGISTRY_NAME } from "./registry.ts";
export { NameTable } from "./table.ts";
export type * from "./wire.ts";
