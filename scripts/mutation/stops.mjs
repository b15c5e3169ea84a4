// How children are started and stopped, and how the supervisor ends.
import { mutantsOf } from "./mutant.mjs";

/** @type {import("./mutant.mjs").Mutant[]} */
export const stops = [
  ...mutantsOf("operation.ts", [
    [
      "a shutdown that takes too long never kills",
      "timeout: child.spec.shutdown",
      `timeout: "infinity"`,
    ],
    ["every child is killed at once", "timeout: child.spec.shutdown", `timeout: "brutal_kill"`],
    [
      "a stop is not waited for",
      `turn.operation = { ...operation, awaiting: { kind: "stop", actor: status.ref.id } };`,
      "",
    ],
    [
      "a stop is over when another child ends",
      `if (awaiting.kind === "stop" && awaiting.actor !== actor) return false;`,
      "",
    ],
    ["the last of many stops is not waited for", "awaiting: left > 0 ?", "awaiting: left > 1 ?"],
    [
      "the pause of a child that is stopped goes on",
      `turn.effects.push({ kind: "cancel_backoff", token: status.token });`,
      "",
    ],
    [
      "temporary children that are stopped with the group stay listed",
      `if (child.spec.restart === "temporary" || isDynamic(turn)) forget`,
      "if (isDynamic(turn)) forget",
    ],
    [
      "children of a dynamic supervisor stay listed",
      `child.spec.restart === "temporary" || isDynamic(turn)`,
      `child.spec.restart === "temporary"`,
    ],
    [
      "children of a dynamic supervisor are forgotten at once",
      "turn.gone = addRecent(turn.gone, status.ref.id);",
      "",
    ],
    [
      "a child that has ended is asked to stop",
      "if (status.ended !== undefined) return childStopped(turn, child, status.ended);",
      "",
    ],
    ["a bad end is not reported", "if (!stoppedWell(child, reason)) report", "if (false) report"],
  ]),
  ...mutantsOf("outcome.ts", [
    ["starts by request count as automatic", `operation.goal.kind === "restart" ? 1 : 0`, "1"],
    ["automatic restarts are not counted", `operation.goal.kind === "restart" ? 1 : 0`, "0"],
    [
      "a temporary child that ignored its start stays listed",
      `(goal.kind === "restart" || child.spec.restart !== "temporary")`,
      "true",
    ],
    [
      "a dynamic child that ignored its start stays listed",
      "!isDynamic(turn) && (goal.kind",
      "(goal.kind",
    ],
    [
      "a child that was added and did not start stays listed",
      "forget(turn, child);\n      return endOperation",
      "return endOperation",
    ],
    [
      "the first of a group is tried again instead of the one that failed",
      "retryLater(turn, child.key, child.key === goal.key ? goal.ref : undefined)",
      "retryLater(turn, goal.key, goal.ref)",
    ],
    [
      "a supervisor whose children did not start does not say why",
      `{ kind: "shutdown", detail: startError(turn, child, error) }`,
      `{ kind: "shutdown" }`,
    ],
    [
      "a name that is taken is any failed start",
      "if (error instanceof AlreadyRegisteredError) {",
      "if (false) {",
    ],
  ]),
  ...mutantsOf("decide.ts", [
    [
      "the order to end waits until what is under way is done",
      `turn.shutdown !== undefined && turn.phase !== "stopping"`,
      `turn.shutdown !== undefined && turn.operation === undefined`,
    ],
    [
      "a start that nobody waits for leaves an orphan",
      `if (event.kind === "started") {`,
      "if (false) {",
    ],
    ["any start is taken for the one that is waited for", " && awaiting.token === event.token", ""],
    ["an end is known only in its turn", "markEnded(turn, event.actor, event.reason);", ""],
    [
      "static children start backwards",
      "inOrder(turn.table).map((child) => child.key)",
      "inOrder(turn.table).map((child) => child.key).reverse()",
    ],
  ]),
  ...mutantsOf("shutdown.ts", [
    [
      "the supervisor stops its children in the order of starting",
      "youngestFirst(turn.table);",
      "youngestFirst(turn.table).reverse();",
    ],
    [
      "a dynamic supervisor stops its children one by one",
      "if (!isDynamic(turn)) return begin",
      "return begin",
    ],
    [
      "giving up is a normal end",
      "settleStopped(turn, child);\n  beginExit(turn, SHUTDOWN);",
      `settleStopped(turn, child);\n  beginExit(turn, { kind: "normal" });`,
    ],
    [
      "whoever gives up stops the child that ended once more",
      "settleStopped(turn, child);\n  beginExit",
      "beginExit",
    ],
  ]),
];
