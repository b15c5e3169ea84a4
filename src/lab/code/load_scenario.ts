import process from "node:process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { toError, TroupeError } from "../../actor/mod.ts";
import type { ReadOptions, ReadScenario } from "../scenario/read_scenario.ts";
import { readScenario } from "../scenario/read_scenario.ts";
import type { CodeScenario } from "./scenario.ts";
import { isScenario } from "./scenario.ts";

/** A file that should be a scenario is none, or this runtime cannot load it. */
export class NoScenarioError extends TroupeError {
  readonly code = "usage";
}

/** Whether `path` is a scenario written as a program. */
export function isCode(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/** Whether this runtime loads TypeScript: Deno and Node from 22.18. */
export function loadsTypeScript(): boolean {
  const { features, versions } = process as unknown as {
    readonly features: { readonly typescript?: unknown };
    readonly versions: Readonly<Record<string, string | undefined>>;
  };
  return versions["deno"] !== undefined || Boolean(features.typescript);
}

/** A scenario, whatever it is written in. */
export type LoadedScenario =
  | ({ readonly kind: "file" } & ReadScenario)
  | { readonly kind: "code"; readonly scenario: CodeScenario };

/**
 * Loads a scenario from a file: YAML, JSON, TypeScript or JavaScript.
 *
 * @throws ScenarioError, NoScenarioError
 */
export async function loadScenario(
  path: string,
  options: ReadOptions = {},
): Promise<LoadedScenario> {
  if (!isCode(path)) return { kind: "file", ...await readScenario(path, options) };
  const name = options.name ?? path;
  if (/ts$/.test(path) && !loadsTypeScript()) {
    throw new NoScenarioError(
      `${name} is TypeScript, which Node ${process.versions.node} does not load: use Deno, Node from 22.18, or JavaScript`,
    );
  }
  if (Object.keys(options.set ?? {}).length > 0) {
    throw new NoScenarioError(`${name} is a program: --set and --matrix are for YAML and JSON`);
  }
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new NoScenarioError(`${name} could not be loaded: ${toError(error).message}`, {
      cause: error,
    });
  }
  if (isScenario(module.default)) return { kind: "code", scenario: module.default };
  throw new NoScenarioError(`${name} has no scenario as its default export`);
}
