import type { PlannedFault, PlannedWork, Schedule, Span, Trigger } from "../../lab/scenario/mod.ts";
import { formatDuration } from "../text/duration.ts";

/** A schedule in words, one line for everything that is planned: what `--dry-run` prints. */
export function planLines(schedule: Schedule): string[] {
  const { name, teaches, cluster, faults, work, checks, until, quiet } = schedule;
  const settings = Object.entries({ peers: 5, ...cluster }).map(([key, value]) =>
    `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`
  );
  return [
    name,
    ...(teaches === undefined ? [] : [`  ${teaches}`]),
    `  cluster  ${settings.join(", ")}`,
    ...faults.map((fault) => `  ${fault.id.padEnd(7)}  ${faultText(fault)}`),
    ...work.map((one) => `  ${one.id.padEnd(7)}  ${workText(one)}`),
    `  end      after ${formatDuration(until)}, then ${formatDuration(quiet)} to recover`,
    `  checks   ${
      checks.map(({ check, within, stat, op, limit }) =>
        stat === undefined
          ? `${check}${within === undefined ? "" : ` within ${formatDuration(within)}`}`
          : `${stat} ${op} ${limit}`
      ).join(", ")
    }`,
  ];
}

function faultText({ when, verb, who, for: lasts, with: details }: PlannedFault): string {
  return [
    triggerText(when),
    verb,
    ...(who === undefined ? [] : [typeof who === "string" ? who : who.join("+")]),
    ...(lasts === undefined ? [] : [`for ${spanText(lasts)}`]),
    ...(details === undefined ? [] : [JSON.stringify(details)]),
  ].join(" ");
}

function workText({ when, work, who, with: details }: PlannedWork): string {
  return [
    triggerText(when),
    work,
    ...(who === undefined ? [] : [String(who)]),
    ...(details === undefined ? [] : [JSON.stringify(details)]),
  ].join(" ");
}

function triggerText(when: Trigger): string {
  if ("at" in when) return `at ${spanText(when.at)}:`;
  if ("every" in when) {
    const from = when.from === undefined ? "" : ` from ${formatDuration(when.from)}`;
    const until = when.until === undefined ? "" : ` until ${formatDuration(when.until)}`;
    return `every ${spanText(when.every)}${from}${until}:`;
  }
  const { event, nth = 1, where, after } = when;
  const which = nth === 0 ? "each" : `${nth}.`;
  const fields = where === undefined ? "" : ` where ${JSON.stringify(where)}`;
  return `${after === undefined ? "" : `${spanText(after)} `}after the ${which} ${event}${fields}:`;
}

function spanText(span: Span): string {
  return typeof span === "number"
    ? formatDuration(span)
    : `${formatDuration(span.min)} to ${formatDuration(span.max)}`;
}
