/** What a peer's thread runs. */
export { peer as default } from "../src/peer/mod.ts";
