import type { VerifyOptions } from "../../../src/lab/model/mod.ts";

/** A small change that makes the election wrong. */
export interface Mutant {
  readonly name: string;
  /** File of src/election, the text there (however it is indented), and what it becomes. */
  readonly changes: readonly (readonly [file: string, from: string, to: string])[];
  /** Bounds in which the model checker finds it; undefined: it takes time or luck, and random runs find it. */
  readonly model?: VerifyOptions;
}

const THREE: VerifyOptions = { peers: 3, epochs: 1 };
const RESTART: VerifyOptions = { peers: 3, epochs: 1, restarts: 1 };

const CEDE_ANY: Mutant["changes"] = [
  ["votes", `if (role !== "candidate") return "sealed";`, ""],
  ["votes", `return role === "candidate" && votedFor`, "return votedFor"],
];

/** §5.1. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "cede from any role",
    changes: [...CEDE_ANY, ["votes", `if (role === "tracker") return "is_tracker";`, ""]],
    model: THREE,
  },
  { name: "cede unless tracker", changes: CEDE_ANY, model: THREE },
  {
    name: "cede without withdrawing",
    changes: [[
      "votes",
      `s.role = "follower"; s.tally = []; s.votedFor = from;`,
      "s.votedFor = from;",
    ]],
    model: THREE,
  },
  {
    name: "integer tally",
    changes: [[
      "quorum",
      "!isVoter(config, peer) || tally.includes(peer) ?",
      "!isVoter(config, peer) ?",
    ]],
    // Its tally grows for ever, and the model has an end only where a peer has.
  },
  {
    name: "vote cleared on step-down",
    changes: [[
      "roles",
      `emit(turn, { kind: "stepdown", epoch, role, why });`,
      `emit(turn, { kind: "stepdown", epoch, role, why }); s.votedFor = undefined;`,
    ]],
    model: THREE,
  },
  {
    name: "vote cleared on follow",
    changes: [["follower", "s.tracker = from;", "s.tracker = from; s.votedFor = undefined;"]],
    model: THREE,
  },
  {
    name: "reply before fsync",
    changes: [[
      "turn",
      `turn.effects.push({ kind: "persist", write, record: recordOf(s), then });`,
      `for (const { to, message } of then) send(turn, to, message); turn.effects.push({ kind: "persist", write, record: recordOf(s), then: [] });`,
    ]],
    model: RESTART,
  },
  {
    name: "self-vote counted before it is durable",
    changes: [[
      "candidate",
      "broadcast(turn, vote(s));",
      "broadcast(turn, vote(s)); count(turn, s.settings.peerId);",
    ]],
    model: RESTART,
  },
  {
    name: "quorum of the peers seen",
    changes: [
      [
        "quorum",
        "hasQuorum({ settings, config, tally }",
        "hasQuorum({ settings, tally, learners }",
      ],
      [
        "quorum",
        "tally.length >= quorumOf(settings, config)",
        "tally.length > (1 + learners.length) / 2",
      ],
      [
        "step",
        'switch (message.kind) { case "PREVOTE":',
        'if (!turn.s.learners.includes(from)) turn.s.learners = [...turn.s.learners, from]; switch (message.kind) { case "PREVOTE":',
      ],
    ],
    model: THREE,
  },
  {
    name: "a wiped peer starts as if it had never run",
    changes: [[
      "boot",
      `s.lost = true; return becomeLearner(turn, disk.kind, detailOf(disk));`,
      `disk = { kind: "ok", record: { epoch: 0, votedFor: undefined, config: s.config, incarnation: 0 } };`,
    ]],
    model: { peers: 3, epochs: 1, wipes: 1 },
  },
  {
    name: "lease from receive time",
    changes: [[
      "tracker",
      "addAck(s, from, message.seq);",
      "addAck({ ...s, sent: s.sent.map(() => now) }, from, message.seq);",
    ]],
  },
  {
    name: "no boot stickiness",
    changes: [["boot", "s.lastHeard = first ? NEVER : now;", "s.lastHeard = NEVER;"]],
  },
  {
    name: "no stickiness",
    changes: [
      [
        "lease",
        `return state.role === "tracker" ? isServing(state, now) : isPromised(state, now);`,
        "return false;",
      ],
      ["votes", `return isPromised(state, now) ? "lease" : "grant";`, `return "grant";`],
    ],
  },
  {
    name: "no check-quorum",
    changes: [[
      "tracker",
      "return isServing(state, now) || now < state.graceUntil;",
      "return true;",
    ]],
  },
  {
    name: "name registered by a loser",
    changes: [[
      "candidate",
      "broadcast(turn, vote(s));",
      `broadcast(turn, vote(s)); turn.effects.push({ kind: "register", epoch: s.epoch });`,
    ]],
  },
];
