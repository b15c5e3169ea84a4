import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { StepFunction } from "../../../src/election/mod.ts";
import type { Mutant } from "./mutants.ts";

/** The election as it runs here: compiled on Node, source on Deno. */
const ELECTION = new URL("../../../src/election/", import.meta.url);
const EXTENSION = extname(import.meta.url);

/** The step of a mutant, from a copy of the election in `folder`. Throws if the text to change is not there exactly once. */
export async function stepOfMutant({ changes }: Mutant, folder: string): Promise<StepFunction> {
  mkdirSync(folder, { recursive: true });
  cpSync(fileURLToPath(ELECTION), join(folder, "election"), { recursive: true });
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  for (const [file, from, to] of changes) {
    const path = join(folder, "election", `${file}${EXTENSION}`);
    const text = readFileSync(path, "utf8");
    const places = [...text.matchAll(patternOf(from))];
    if (places.length !== 1) throw new Error(`${file}: "${from}" is there ${places.length} times`);
    writeFileSync(path, text.replace(patternOf(from), () => to));
  }
  const module = pathToFileURL(join(folder, "election", `step${EXTENSION}`)).href;
  return (await import(module)).step as StepFunction;
}

/** Whatever the spaces, since the compiler indents otherwise. */
function patternOf(text: string): RegExp {
  const words = text.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(words.join("\\s+"), "g");
}
