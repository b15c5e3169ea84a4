// tsc never deletes: what a renamed module left behind in dist/ would still be found, tested and published.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, root } from "./files.mjs";

for (const output of filesUnder("dist")) {
  const compiled = /^dist\/(.+?)(\.d\.ts|\.js)(\.map)?$/.exec(output);
  if (compiled && !existsSync(join(root, `${compiled[1]}.ts`))) rmSync(join(root, output));
}
