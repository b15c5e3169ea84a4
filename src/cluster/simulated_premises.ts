import type { ActorDefinition, Disk, Protocol } from "../actor/mod.ts";
import { InvalidOptionError } from "../actor/mod.ts";
import { peer, peerName } from "../peer/mod.ts";
import type { ActorSystem, DiskControls, SimulatedSystem } from "../runtime/mod.ts";
import { SimulatedWorld } from "../runtime/simulation/system.ts";
import type { CrashKind, SimulatedClusterOptions } from "./api.ts";
import type { PeerFolders } from "./folders.ts";
import { SimulatedSurroundings } from "./simulated_surroundings.ts";
import type { Opening, Premises, Victim } from "./premises.ts";

/** The folder that all simulated peers have theirs in, each on a disk of its own. */
const ROOT = "/troupe";

/** Simulated threads, links and disks. */
export class SimulatedPremises implements Premises {
  readonly root: string = ROOT;
  readonly watches: boolean = false;
  readonly peer: ActorDefinition<never, Protocol>;
  readonly world: SimulatedWorld;
  readonly surroundings: SimulatedSurroundings;
  readonly #options: SimulatedClusterOptions;
  #system: SimulatedSystem | undefined;

  constructor(options: SimulatedClusterOptions) {
    this.#options = options;
    this.peer = (options.peer ?? peer) as ActorDefinition<never, Protocol>;
    const { seed, latency, startLatency, disk, onTrace } = options;
    this.world = new SimulatedWorld({
      ...(seed !== undefined && { seed }),
      ...(latency && { latency }),
      ...(startLatency && { startLatency }),
      ...(disk && { disk }),
      ...(onTrace && { onTrace }),
    });
    this.surroundings = new SimulatedSurroundings(this.world.controls);
  }

  claim(): void {}

  async open({ root, onEvent }: Opening): Promise<ActorSystem> {
    return this.#system = await this.world.createSystem({ root, onEvent });
  }

  paths(id: string): PeerFolders {
    return {
      shared: `${ROOT}/shared/${id}`,
      downloads: `${ROOT}/downloads/${id}`,
      state: `${ROOT}/state/${id}`,
      log: `${ROOT}/logs/${id}.log`,
    };
  }

  disk(id: string): DiskControls {
    return this.world.controls.disk(peerName(id));
  }

  furnish(id: string): Disk {
    const disk = this.disk(id);
    const { shared, downloads, state } = this.paths(id);
    for (const folder of [shared, downloads, state]) disk.makeDirectory(folder);
    for (const [name, bytes] of Object.entries(this.#options.files?.[id] ?? {})) {
      if (disk.read(`${shared}/${name}`) === undefined) disk.put(`${shared}/${name}`, bytes);
    }
    return disk.direct;
  }

  log(): void {}

  after(ms: number, fn: () => void): Disposable {
    return this.world.after(ms, fn);
  }

  at(time: number, fn: () => void): Disposable {
    return this.world.at(time, fn);
  }

  wait<T>(what: string, work: Promise<T>): Promise<T> {
    return this.world.wait(what, work);
  }

  strike({ id, tell }: Victim, how: CrashKind): (() => void) | undefined {
    const { controls } = this.world;
    const place = peerName(id);
    // It has ended already, and that is not known yet.
    if (!controls.places().includes(place)) return undefined;
    switch (how) {
      case "terminate":
        controls.crash(place);
        return undefined;
      case "throw":
      case "exit":
        tell(how);
        return undefined;
      case "memory":
        controls.outOfMemory(place);
        return undefined;
      case "hang":
        controls.hang(place);
        return () => controls.places().includes(place) && controls.resume(place);
      default:
        throw new InvalidOptionError("how", how, "terminate, throw, hang, exit or memory");
    }
  }

  get system(): SimulatedSystem | undefined {
    return this.#system;
  }

  close(): void {}
}
