import type { ActorSystem, SystemOptions } from "../threads/system_api.ts";
import type { AnyRef, Disk } from "../../actor/mod.ts";
import type { DiskTrouble } from "../threads/disk_trouble.ts";
import type { CrashOptions } from "./disk_model.ts";
import type { DiskRules } from "./disk_faults.ts";
import type { Latency } from "./latency.ts";
import type { LinkRules } from "./link_rules.ts";
import type { Place } from "./network.ts";

/** How a simulated system is made. The same options and the same acts give the same run, event for event. */
export interface SimulationOptions
  extends Omit<SystemOptions, "runtime" | "maxZombies" | "faults"> {
  readonly runtime?: "simulation";
  /** How long messages between two threads travel; default 0.05 to 0.5 ms. */
  readonly latency?: Latency;
  /** How long a thread takes to come up; default 5 to 15 ms. */
  readonly startLatency?: Latency;
  /** How disks behave unless told otherwise; default 0.1 to 1 ms per operation, no faults. */
  readonly disk?: Partial<DiskRules>;
  /** Is told every event as a line of text, the same on every runtime. */
  readonly onTrace?: (line: string) => void;
}

/** Where a thread is: the name of the actor that it was started for, else its module, `main`; or an actor in it. */
export type Where = Place | AnyRef;

/** A simulated disk as tests handle it. */
export interface DiskControls {
  /** The disk without latency and faults, for whoever is no actor. */
  readonly direct: Disk;
  /** Changes how it behaves. @throws InvalidOptionError naming the rule */
  change(rules: Partial<DiskRules>): void;
  /** What is wrong with it besides, in the words of threads' disks. */
  disturb(trouble: DiskTrouble): void;
  /** Makes a folder and those above it, durably. */
  makeDirectory(path: string): void;
  /** Puts a file there, durably, with the folders above it. */
  put(path: string, bytes: Uint8Array): void;
  /** The bytes of a file; undefined where there is none. */
  read(path: string): Uint8Array | undefined;
  /** Paths of all files, sorted in code-unit order. */
  files(): string[];
  /** Cuts a file to its first `bytes` bytes, as a write that was torn does. */
  tear(path: string, bytes: number): void;
  /** Loses what a crash of the machine would lose. */
  crash(options?: CrashOptions): void;
  /** Every file is gone; folders stay. */
  wipe(): void;
}

/** What can be done to a simulated world, and seen of it. Time passes only while somebody waits for something. */
export interface WorldControls {
  /** Virtual milliseconds since it began. */
  readonly now: number;
  /** Events that have happened, turns of the real event loop that they took, events still to come. */
  readonly counts: { readonly events: number; readonly turns: number; readonly coming: number };
  /** Lets `ms` milliseconds pass. */
  advance(ms: number): Promise<void>;
  /**
   * Lets time pass until `holds`, which is looked at between events; `within` virtual milliseconds, default 60 000.
   *
   * @throws NotReachedError when the time is up; StalledError when nothing is left to happen. Both say what every actor waits for
   */
  until(what: string, holds: () => boolean, options?: { readonly within?: number }): Promise<void>;
  /** Lets everything happen that is to come; `within` virtual milliseconds, default 60 000. @throws NotReachedError */
  settle(options?: { readonly within?: number }): Promise<void>;
  /** What every actor waits for, one line each. */
  waits(): readonly string[];
  /** The places of all threads that live. */
  places(): readonly Place[];

  /**
   * Changes how messages travel from `from` to `to`, one way; `*` means every place but those of the runtime itself. Asks,
   * tells and replies are lost, doubled, reordered; signals (monitors, deaths, stops) only wait for the end of a block.
   *
   * @throws InvalidOptionError naming the rule
   */
  link(from: Where, to: Where, rules: Partial<LinkRules>): void;
  /** Blocks all links between places of different groups. */
  partition(...groups: readonly (readonly Where[])[]): void;
  /** Undoes every change of links. */
  heal(): void;

  /** Ends the machine under a thread: as `terminate`, and disks used there lose what was not synced. */
  crash(where: Where, options?: CrashOptions): void;
  /** Ends a thread with an error that belongs to no call. */
  fail(where: Where, error: Error): void;
  /** Ends a thread as `process.exit` in it would. */
  exit(where: Where, code?: number): void;
  /** Ends a thread that has reached the limit of its heap. */
  outOfMemory(where: Where): void;
  /**
   * A handler there does not yield any more: the thread hears and says nothing until {@linkcode resume} or its end. With
   * `during` that begins when the method of that name is called next.
   */
  hang(where: Where, options?: { readonly during?: string }): void;
  resume(where: Where): void;
  /** Every event there takes `ms` milliseconds; 0: none. */
  slow(where: Where, ms: number): void;
  /** The clock there runs at `rate` from now on, after a jump `ahead`; what people's clocks show moves by `wall` more. */
  clock(
    where: Where,
    change: { readonly rate?: number; readonly ahead?: number; readonly wall?: number },
  ): void;
  /** The disk of the actor with this name. */
  disk(name: string): DiskControls;
}

/** A system under virtual time. */
export interface SimulatedSystem extends ActorSystem {
  readonly world: WorldControls;
}
