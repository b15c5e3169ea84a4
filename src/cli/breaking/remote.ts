import type { CrashKind } from "../../cluster/api.ts";
import type { ActiveFault, LinkFault } from "../../cluster/faults.ts";
import type { Ask } from "../control/remote_peer.ts";
import type { Breaking, Crashing, Lasting } from "./breaking.ts";

/** The faults of a cluster of another process. */
export class RemoteBreaking implements Breaking {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  crash(peer: string, how?: CrashKind, options: Crashing = {}): Promise<string> {
    return this.#ask("crash", { peer, how, ...options }) as Promise<string>;
  }

  async partition(
    groups: readonly (readonly string[])[],
    options: Lasting & { readonly oneWay?: boolean } = {},
  ): Promise<void> {
    await this.#ask("fault.partition", { groups, ...options });
  }

  async link(from: string, to: string, fault: LinkFault, lasting: Lasting = {}): Promise<void> {
    await this.#ask("fault.link", { from, to, fault, ...lasting });
  }

  async pause(peer: string, lasting: Lasting = {}): Promise<void> {
    await this.#ask("fault.pause", { peer, ...lasting });
  }

  async slow(peer: string, ms: number, lasting: Lasting = {}): Promise<void> {
    await this.#ask("fault.slow", { peer, ms, ...lasting });
  }

  async timers(how: "align" | "spread", peers: readonly string[]): Promise<void> {
    await this.#ask("fault.timers", { how, peers });
  }

  heal(): Promise<readonly ActiveFault[]> {
    return this.#ask("fault.heal", {}) as Promise<readonly ActiveFault[]>;
  }

  active(): Promise<readonly ActiveFault[]> {
    return this.#ask("fault.active", {}) as Promise<readonly ActiveFault[]>;
  }
}
