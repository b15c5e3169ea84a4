import { InvalidOptionError } from "../../actor/mod.ts";
import type { RemoteSpawn } from "../../actor/host.ts";
import type { SpawnRequest } from "./wire.ts";

/**
 * A spawn as it travels to another thread.
 *
 * @throws InvalidOptionError if the definition was made in code: threads load modules, not closures
 */
export function spawnRequest({ definition, args, options, bonds }: RemoteSpawn): SpawnRequest {
  if (definition.source === undefined) {
    throw new InvalidOptionError(
      "definition",
      "one made by actor()",
      `one made by fromModule(), since placement is ${JSON.stringify(options.placement)}`,
    );
  }
  const { signal: _stays, ...rest } = options;
  return { source: definition.source, args, options: rest, bonds };
}
