import type { ActorDefinition, ModuleSource, Protocol } from "../../actor/mod.ts";
import { isDefinition } from "../../actor/mod.ts";

/** Imports the module and gives the definition that it exports. @throws TypeError naming what it exports instead */
export async function loadDefinition(
  source: ModuleSource,
): Promise<ActorDefinition<never, Protocol>> {
  const module = await import(source.url) as Record<string, unknown>;
  const definition = module[source.export];
  if (!isDefinition(definition) || definition.source !== undefined) {
    throw new TypeError(
      `${source.url} exports no actor definition as "${source.export}"; it exports ${
        Object.keys(module).join(", ") || "nothing"
      }`,
    );
  }
  return definition;
}
