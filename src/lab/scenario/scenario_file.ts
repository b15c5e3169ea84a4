/** Whom, as files write it. */
export type FileWho = string | number | readonly (string | number)[];

/** When, and to whom. */
export interface FilePlanned {
  readonly do: string;
  readonly id?: string;
  readonly at?: string | number;
  readonly when?: {
    readonly event: string;
    readonly nth?: number;
    readonly where?: Readonly<Record<string, unknown>>;
    readonly after?: string | number;
  };
  readonly from?: string | number;
  readonly until?: string | number;
  readonly who?: FileWho;
  readonly for?: string | number;
  readonly [detail: string]: unknown;
}

/** A scenario as files write it: what {@linkcode toSchedule} makes a schedule of. See docs/scenarios.md. */
export interface ScenarioFile {
  readonly scenario: string;
  readonly teaches?: string;
  readonly cluster?: {
    readonly peers?: number;
    readonly profile?: "default" | "fast" | "turbo" | "seed" | "crowd";
    readonly timers?: { readonly heartbeat?: string | number; readonly timeout?: string | number };
    readonly protocol?: "troupe" | "seed-literal";
    readonly voters?: number;
    readonly quorum?: number;
    readonly unsafe?: boolean;
    readonly "down-detector"?: boolean;
    readonly restart?: boolean;
    readonly files?: {
      readonly "per-peer": number;
      readonly size: string | number;
      readonly holders?: number;
    };
    readonly latency?: string | number;
    readonly mutant?: string;
  };
  readonly faults?: readonly FilePlanned[];
  readonly work?: readonly FilePlanned[];
  readonly until?: string | number;
  readonly quiet?: string | number;
  readonly expect?: {
    readonly always?: readonly string[];
    readonly eventually?: Readonly<Record<string, string | number>>;
    readonly stats?: Readonly<Record<string, string>>;
  };
  readonly fails?: string;
  readonly runs?: { readonly seeds?: string | number; readonly mode?: "sim" | "live" };
}
