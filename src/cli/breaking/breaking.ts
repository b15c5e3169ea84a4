import type { CrashKind } from "../../cluster/api.ts";
import type { ActiveFault, LinkFault } from "../../cluster/faults.ts";

/** How long a fault lasts: `forMs` milliseconds, or until it is undone. */
export interface Lasting {
  readonly forMs?: number | undefined;
}

/** Every way to crash a peer, as a person types it. */
export const CRASH_KINDS: readonly CrashKind[] = ["terminate", "throw", "hang", "exit", "memory"];

/** How long a peer that is crashed stays down: until somebody starts it with `hold`, so long with `forMs`. */
export interface Crashing extends Lasting {
  readonly hold?: boolean | undefined;
}

/** The faults that a console and the commands have, here or in another process. Peers are given by their ids. */
export interface Breaking {
  /** Crashes a peer; gives its id. Its supervisor starts it again at once unless `options` say otherwise. */
  crash(peer: string, how?: CrashKind, options?: Crashing): Promise<string>;
  /** Nobody hears anybody of another group; with `oneWay` later groups still hear earlier ones. */
  partition(
    groups: readonly (readonly string[])[],
    options?: Lasting & { readonly oneWay?: boolean },
  ): Promise<void>;
  /** Changes the link from one peer to another, in this direction. */
  link(from: string, to: string, fault: LinkFault, options?: Lasting): Promise<void>;
  pause(peer: string, options?: Lasting): Promise<void>;
  slow(peer: string, ms: number, options?: Lasting): Promise<void>;
  timers(how: "align" | "spread", peers: readonly string[]): Promise<void>;
  /** Undoes all that lasts; gives what that was. */
  heal(): Promise<readonly ActiveFault[]>;
  /** The faults that last. */
  active(): Promise<readonly ActiveFault[]>;
}
