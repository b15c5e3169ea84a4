/** What the registry's thread runs. */
export { registry as default } from "../src/registry/mod.ts";
