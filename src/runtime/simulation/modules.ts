import type { ActorDefinition, ModuleSource, Protocol } from "../../actor/mod.ts";
import { isDefinition } from "../../actor/mod.ts";
import type { RemoteSpawn } from "../../actor/host.ts";
import { loadDefinition } from "../threads/load_definition.ts";
import { spawnRequest } from "../threads/spawn_request.ts";
import type { SpawnRequest } from "../threads/wire.ts";
import type { World } from "./world.ts";

/** The scheme of definitions that were made in code and not in a module of their own. */
const SCHEME = "simulation:";

/** What simulated threads run. Modules are loaded once for all of them; definitions made in code will do as well. */
export class Modules {
  readonly #world: World;
  readonly #loaded = new Map<string, Promise<ActorDefinition<never, Protocol>>>();
  readonly #made: ActorDefinition<never, Protocol>[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** A spawn as it travels to another thread. */
  request(spawn: RemoteSpawn): SpawnRequest {
    const { definition } = spawn;
    if (!isDefinition(definition) || definition.source !== undefined) return spawnRequest(spawn);
    let number = this.#made.indexOf(definition);
    if (number < 0) number = this.#made.push(definition) - 1;
    const source = { url: `${SCHEME}${number}`, export: "default" };
    return spawnRequest({ ...spawn, definition: { ...definition, source } });
  }

  load(source: ModuleSource): Promise<ActorDefinition<never, Protocol>> {
    const { url, export: name } = source;
    if (url.startsWith(SCHEME)) {
      const made = this.#made[Number(url.slice(SCHEME.length))];
      return made === undefined
        ? Promise.reject(new TypeError(`${url} is no definition of this world`))
        : Promise.resolve(made);
    }
    const key = `${url} ${name}`;
    let loading = this.#loaded.get(key);
    if (loading === undefined) {
      loading = this.#world.meanwhile(loadDefinition(source));
      loading.catch(() => this.#loaded.delete(key));
      this.#loaded.set(key, loading);
    }
    return loading;
  }
}
