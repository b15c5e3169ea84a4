import { parseArgs } from "node:util";
import { type Profile, PROFILES } from "../../src/election/mod.ts";

/** What of the bench is run. */
export interface BenchArguments {
  readonly peers: readonly number[];
  readonly profiles: readonly Profile[];
  /** Kills per case; 0 leaves them out. */
  readonly kills: number;
  /** Seconds of idleness per profile; 0 leaves it out. */
  readonly idle: number;
  /** Peers of the one large cluster; 0 leaves it out. */
  readonly crowd: number;
  readonly assisted: boolean;
}

const NAMES = Object.keys(PROFILES) as Profile[];

export const USAGE: string =
  `bench:election [--peers 5,25] [--profiles ${NAMES}] [--kills 60] [--idle 60] [--crowd 100] [--no-assisted] [--short]
  --short  --kills 10 --idle 10, unless they are given`;

/** @throws Error that says which value is bad */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs(
    {
      args: [...args],
      allowNegative: true,
      options: {
        peers: { type: "string", default: "5,25" },
        profiles: { type: "string", default: NAMES.join() },
        kills: { type: "string" },
        idle: { type: "string" },
        crowd: { type: "string", default: "100" },
        assisted: { type: "boolean", default: true },
        short: { type: "boolean", default: false },
      },
    } as const,
  );
  const unknown = values.profiles.split(",").filter((name) => !NAMES.includes(name as Profile));
  if (unknown.length > 0) throw new Error(`No profile is called ${unknown}; there are ${NAMES}`);
  return {
    peers: values.peers.split(",").map((text) => count("peers", text)),
    profiles: values.profiles.split(",") as Profile[],
    kills: count("kills", values.kills ?? (values.short ? "10" : "60")),
    idle: count("idle", values.idle ?? (values.short ? "10" : "60")),
    crowd: count("crowd", values.crowd),
    assisted: values.assisted,
  };
}

function count(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is ${text}, expected whole numbers`);
  return Number(text);
}
