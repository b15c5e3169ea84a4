import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { loadsTypeScript } from "../../lab/code/load_scenario.ts";
import { codeOf, UsageError } from "../errors.ts";
import { printable } from "../text/printable.ts";

/** What is a scenario in a folder; a file that is named is one whatever its name. */
const SCENARIO = /(\.ya?ml|\.scenario\.(json|[cm]?[jt]s))$/;

/** Whether this runtime can load `path`; in a folder, what it cannot load is left out. */
function loads(path: string): boolean {
  return !/ts$/.test(path) || loadsTypeScript();
}

/** The scenario files that are meant by files and folders, those of a folder by name. @throws UsageError */
export async function scenarioFiles(args: readonly string[], cwd: string): Promise<string[]> {
  const files: string[] = [];
  for (const arg of args) {
    const path = resolve(cwd, arg);
    const found = (await isFolder(arg, path)) ? await below(path) : [path];
    if (found.length === 0) {
      throw new UsageError(`"${printable(arg)}" holds no scenario (*.yaml, *.scenario.ts)`);
    }
    files.push(...found.map((file) => relative(cwd, file)));
  }
  return files;
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...await below(path));
    else if (SCENARIO.test(entry.name) && loads(path)) found.push(path);
  }
  return found;
}

async function isFolder(arg: string, path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      throw new UsageError(`There is no file or folder "${printable(arg)}"`, { cause: error });
    }
    throw error;
  }
}
