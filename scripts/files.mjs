import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Files under `folder` of `tree`, sorted, relative to `tree` with `/` on every system; none if the folder is missing.
 *
 * @param {string} folder
 * @param {string} tree
 * @returns {string[]}
 */
export function filesUnder(folder, tree = root) {
  const entries = existsSync(join(tree, folder))
    ? readdirSync(join(tree, folder), { withFileTypes: true })
    : [];
  return entries
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(path, tree) : [path];
    })
    .sort();
}
