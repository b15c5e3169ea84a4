import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json, from the sources and from what is compiled of them. */
export function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "deno.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error("No folder above the test has a deno.json");
    folder = above;
  }
  return folder;
}
