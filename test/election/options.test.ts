import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ElectionOptionError,
  longestLease,
  majority,
  type Profile,
  PROFILES,
  resolveOptions,
} from "../../src/election/mod.ts";

const good = { peerId: "p1", uri: "peer://1", electorate: ["p1", "p2", "p3", "p4", "p5"] };

function refusal(options: object): ElectionOptionError {
  try {
    resolveOptions({ ...good, ...options });
  } catch (error) {
    assert.ok(error instanceof ElectionOptionError);
    return error;
  }
  throw new Error(`Accepted ${JSON.stringify(options)}`);
}

test("every profile resolves to its timers, and only the seed's warns of its heartbeat", () => {
  for (const profile of Object.keys(PROFILES) as Profile[]) {
    const { settings, warnings } = resolveOptions({ ...good, profile });
    const { heartbeat, timeoutMin, timeoutMax } = settings;
    assert.deepEqual({ heartbeat, timeoutMin, timeoutMax }, PROFILES[profile]);
    assert.equal(settings.lease, 0.9 * timeoutMin);
    assert.equal(warnings.length, profile === "seed" ? 1 : 0);
  }
  const { warnings } = resolveOptions({ ...good, profile: "seed" });
  assert.match(warnings[0]!, /heartbeat of 100 ms .* 150 ms.*118 needless elections an hour/);
});

test("a refused option names field, value and what was expected", () => {
  const cases: readonly [object, string, RegExp][] = [
    [{ peerId: "" }, "peerId", /peerId is "", expected a string that is not empty/],
    [{ uri: 7 }, "uri", /uri is 7/],
    [{ electorate: [] }, "electorate", /electorate is \[\], expected at least one peer id/],
    [{ electorate: ["p1", "p2", "p1"] }, "electorate[2]", /electorate\[2\] is "p1"/],
    [
      { profile: "slow" },
      "profile",
      /profile is "slow", expected one of default, fast, turbo, seed/,
    ],
    [{ timers: { heartbeat: 0 } }, "timers.heartbeat", /heartbeat is 0/],
    [{ timers: { heartbeat: NaN } }, "timers.heartbeat", /heartbeat is NaN/],
    [
      { timers: { heartbeat: 150 } },
      "timers.heartbeat",
      /is 150, expected less than timeoutMin, 150/,
    ],
    [
      { timers: { timeoutMax: 100 } },
      "timers.timeoutMax",
      /is 100, expected at least timeoutMin, 150/,
    ],
    [{ quorum: 0 }, "quorum", /quorum is 0, expected a whole number from 1 to 5/],
    [{ quorum: 2.5 }, "quorum", /quorum is 2.5/],
    [{ quorum: 6 }, "quorum", /quorum is 6/],
    [
      { quorum: 2 },
      "quorum",
      /quorum is 2, expected at least 3, the majority of 5 voters, or unsafe/,
    ],
    [{ unsafe: 1 }, "unsafe", /unsafe is 1/],
    [{ drift: 1 }, "drift", /drift is 1/],
    [{ lease: 150 }, "lease", /lease is 150, expected at most 144/],
  ];
  for (const [options, field, message] of cases) {
    const error = refusal(options);
    assert.equal(error.field, field);
    assert.equal(error.code, "invalid_option");
    assert.match(error.message, message);
  }
});

test("what is unsafe is accepted when it is asked for, with a warning", () => {
  const { settings, warnings } = resolveOptions({ ...good, quorum: 2, lease: 200, unsafe: true });
  assert.equal(settings.quorum, 2);
  assert.equal(settings.lease, 200);
  assert.equal(warnings.length, 2);
});

test("the seed's own voting needs to be called unsafe, and warns", () => {
  assert.equal(resolveOptions(good).settings.protocol, "troupe");
  assert.throws(() => resolveOptions({ ...good, protocol: "seed-literal" }), {
    field: "protocol",
    message: 'protocol is "seed-literal", expected troupe, or unsafe: true',
  });
  assert.throws(() => resolveOptions({ ...good, protocol: "raft" as "troupe" }), /one of troupe/);
  const { warnings } = resolveOptions({ ...good, protocol: "seed-literal", unsafe: true });
  assert.match(warnings.join(), /two peers can win the same epoch/);
});

test("a quorum above the majority is accepted", () => {
  assert.equal(resolveOptions({ ...good, quorum: 4 }).settings.quorum, 4);
});

test("a lease ends before the promises it rests on, even if clocks drift", () => {
  assert.equal(longestLease(150, 0.02), 150 * 0.98 / 1.02);
  const { settings } = resolveOptions({ ...good, drift: 0.2 });
  assert.equal(settings.lease, longestLease(150, 0.2));
});

test("majorities of any size share a member", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 100].map(majority), [1, 2, 2, 3, 3, 51]);
});
