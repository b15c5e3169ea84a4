// What the supervisor answers.
import { mutantsOf } from "./mutant.mjs";

/** @type {import("./mutant.mjs").Mutant[]} */
export const requests = [
  ...mutantsOf("administration.ts", [
    [
      "restarts by request count toward intensity",
      `begin(turn, { kind: "restart_request", request, key: child.key }, [], [child.key]);`,
      `turn.restarts = [...turn.restarts, turn.now];\n` +
      `        begin(turn, { kind: "restart_request", request, key: child.key }, [], [child.key]);`,
    ],
    ["one child more than maxChildren", ">= turn.flags.maxChildren", "> turn.flags.maxChildren"],
    [
      "children are listed oldest first",
      "youngestFirst(turn.table).map",
      "inOrder(turn.table).map",
    ],
    [
      "a child whose end is known counts as active",
      `status.kind === "running" && status.ended === undefined`,
      `status.kind === "running"`,
    ],
    [
      "a child that is being restarted is started by request",
      "return refuse(turn, request, new ChildRestartingError(child.key));",
      "return then(child);",
    ],
    [
      "a child that runs is started again or deleted by request",
      "return refuse(turn, request, new ChildRunningError(child.key));",
      "return then(child);",
    ],
    [
      "a child that is listed already is added",
      "if (present === undefined) return add",
      `if (present === undefined || present.status.kind === "stopped") return add`,
    ],
    [
      "terminating a dynamic child that has just ended is an error",
      "else if (!endedLately(turn, designator)) return refuse",
      "else return refuse",
    ],
    [
      "terminating a child does not end its restart",
      "if (child !== undefined) settleStopped(turn, child);",
      "if (child !== undefined) turn.phase = turn.phase;",
    ],
    [
      "a dynamic supervisor has no spec",
      "specs: isDynamic(turn) ? 1 :",
      "specs: isDynamic(turn) ? 0 :",
    ],
    [
      "supervisors count as workers",
      "const workers = children.length - supervisors;",
      "const workers = children.length;",
    ],
  ]),
];
