/**
 * `npm run bench:election`: kills trackers on real threads and tells where the time goes, beside the floor that heartbeats
 * allow (reference `election.md` §2.2). `-- --short` for a quick look; `-- --help` for the rest.
 */
import process from "node:process";
import { PROFILES } from "../src/election/mod.ts";
import { type BenchArguments, readArguments, USAGE } from "./election/arguments.ts";
import { type Failover, type FailoverCase, measureFailover } from "./election/failover.ts";
import { floorOf } from "./election/floor.ts";
import { measureCrowd } from "./election/hundred.ts";
import { measureIdle } from "./election/idle.ts";
import { measurePlatform, type Platform } from "./election/platform.ts";
import { columns, machineLine } from "./report.ts";
import { mean, quantile } from "./statistics.ts";

async function run(wanted: BenchArguments): Promise<void> {
  console.log(machineLine());
  if (wanted.kills > 0) await failovers(wanted);
  if (wanted.idle > 0) await idleness(wanted);
  if (wanted.crowd > 0) await crowd(wanted.crowd);
}

async function failovers({ peers, profiles, kills, assisted }: BenchArguments): Promise<void> {
  console.log(`\nkill of the tracker's thread to a tracker that all others follow, ms`);
  const cases: FailoverCase[] = peers.flatMap((peers) =>
    profiles.map((profile) => ({ peers, profile, kills }))
  );
  if (assisted) cases.push({ peers: 5, profile: "default", kills, assisted: true });
  const platform = await measurePlatform();
  const lines: string[][] = [HEADINGS];
  for (const one of cases) {
    const { elections, lag } = await measureFailover(one);
    lines.push(lineOf(one, elections, lag, platform));
    // As they come: the whole takes minutes.
    console.log(`  ${columns(lines).at(-1)}`);
  }
  console.log();
  for (const line of columns(lines)) console.log(`  ${line}`);
  console.log(
    `  floor: Tmin + (Tmax - Tmin) / (s + 1) - h / 2 + 4 L + W, s survivors; bare threads measured here: L, one way of a message, ${
      platform.oneWay.toFixed(2)
    } ms, W, a durable write, ${platform.write.toFixed(2)} ms.
  agree = detect + prevote + vote + adopt, means; register runs beside adopt. win is agree without adopt.
  calm: the elections during which other processes had less than a tenth of the machine, and their mean agree.
  late: how late the timers of the main thread were, 99 of 100 below. p99 of few kills is little more than the longest.`,
  );
}

const HEADINGS = [
  "peers",
  "profile",
  "n",
  "mean",
  "p50",
  "p99",
  "max",
  "floor",
  "ratio",
  "win",
  "ratio",
  "detect",
  "prevote",
  "vote",
  "adopt",
  "register",
  "epochs",
  "calm",
  "mean",
  "ratio",
  "late",
];

/** Share of the machine that others may have during an election that counts as calm. */
const CALM = 0.1;

function lineOf(
  one: FailoverCase,
  elections: readonly Failover[],
  lag: number,
  platform: Platform,
): string[] {
  const all = (part: keyof Failover): number[] => elections.map((election) => election[part]);
  const calm = elections.filter(({ strangers }) => strangers < CALM).map(({ agree }) => agree);
  const agree = all("agree");
  const ms = (value: number): string => value.toFixed(1);
  const floor = one.assisted ? undefined : floorOf(PROFILES[one.profile], one.peers - 1, platform);
  const ratio = (value: number): string =>
    floor === undefined ? "" : `${(value / floor).toFixed(2)} x`;
  return [
    String(one.peers),
    one.assisted ? "assisted" : one.profile,
    String(elections.length),
    ms(mean(agree)),
    ms(quantile(agree, 0.5)),
    ms(quantile(agree, 0.99)),
    ms(Math.max(...agree)),
    floor === undefined ? "" : ms(floor),
    ratio(mean(agree)),
    ms(mean(all("win"))),
    ratio(mean(all("win"))),
    ms(mean(all("detect"))),
    ms(mean(all("prevote"))),
    ms(mean(all("vote"))),
    ms(mean(all("adopt"))),
    ms(mean(all("register"))),
    mean(all("epochs")).toFixed(2),
    String(calm.length),
    ...(calm.length === 0 ? ["", ""] : [ms(mean(calm)), ratio(mean(calm))]),
    ms(lag),
  ];
}

async function idleness({ peers, profiles, idle }: BenchArguments): Promise<void> {
  console.log(`\n${idle} s in which nothing happens`);
  const lines: string[][] = [["peers", "profile", "pre-votes", "elections", "lag reports"]];
  for (const count of peers) {
    for (const profile of profiles) {
      const { preVotes, elections, lags } = await measureIdle(count, profile, idle);
      lines.push([count, profile, preVotes, elections, lags].map(String));
    }
  }
  for (const line of columns(lines)) console.log(`  ${line}`);
}

async function crowd(peers: number): Promise<void> {
  const { start, elect, failover, memoryPerPeer } = await measureCrowd(peers, "crowd");
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  console.log(`\n${peers} peers, each in a thread of its own, profile crowd
  started ${ms(start)}, agreed on a tracker after another ${ms(elect)}, on the next ${
    ms(failover)
  } after its kill
  ${(memoryPerPeer / 2 ** 20).toFixed(1)} MiB per peer (RSS)`);
}

const args = process.argv.slice(2);
if (args.includes("--help")) console.log(USAGE);
else await run(readArguments(args));
