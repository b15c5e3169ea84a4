import type { TraceLine } from "../../run/mod.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { section, table } from "../section.ts";
import type { TracedRun } from "../report_input.ts";

interface EpochVotes {
  readonly winners: Set<string>;
  readonly grants: Map<string, Set<string>>;
  ended: number;
}

/** Who voted for whom in every epoch; an epoch with two winners stands out. */
export function votesSection({ why, result, lines }: TracedRun): Markup {
  const epochs = votesByEpoch(lines);
  const rows = [...epochs].sort(([a], [b]) => a - b).map(([epoch, { winners, grants, ended }]) => {
    const bad = winners.size > 1;
    const votes = [...grants].map(([candidate, voters]) =>
      `${candidate} by ${[...voters].sort().join(" ")}`
    ).join("; ");
    return [
      epoch,
      bad
        ? html`<strong class="fail">${[...winners].join(" and ")}</strong>`
        : [...winners][0] ?? html`<span class="dim">nobody</span>`,
      votes,
      `${(ended / 1000).toFixed(3)} s`,
    ];
  });
  return section(
    "votes",
    "Votes",
    html`<p>Of ${why}, seed ${result.seed}.</p>`,
    rows.length === 0
      ? html`<p>No votes were given.</p>`
      : table(["epoch", "tracker", "votes", "until"], rows),
  );
}

function votesByEpoch(lines: readonly TraceLine[]): Map<number, EpochVotes> {
  const epochs = new Map<number, EpochVotes>();
  const of = (epoch: number): EpochVotes => {
    const known = epochs.get(epoch) ?? { winners: new Set(), grants: new Map(), ended: 0 };
    epochs.set(epoch, known);
    return known;
  };
  for (const { kind, peer, t, epoch: top, data } of lines) {
    const epoch = data?.["epoch"] ?? top;
    if (peer === undefined || typeof epoch !== "number") continue;
    const candidate = kind === "election.grant"
      ? String(data?.["candidate"])
      : kind === "election.candidate"
      ? peer
      : undefined;
    if (candidate !== undefined) {
      const { grants } = of(epoch);
      grants.set(candidate, (grants.get(candidate) ?? new Set()).add(peer));
      of(epoch).ended = t;
    } else if (kind === "election.win") {
      of(epoch).winners.add(peer);
      of(epoch).ended = t;
    }
  }
  return epochs;
}
