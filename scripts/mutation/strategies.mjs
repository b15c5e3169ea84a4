// Who is restarted, who goes with whom, and what is a proper end.
import { mutantsOf } from "./mutant.mjs";

/** @type {import("./mutant.mjs").Mutant[]} */
export const strategies = [
  ...mutantsOf("strategy.ts", [
    ["temporary children are restarted", `if (restart === "temporary") return "forget";`, ""],
    [
      "transient children are restarted after a normal end",
      `if (restart === "permanent" || isAbnormal(reason)) return "restart";`,
      `return "restart";`,
    ],
    [
      "permanent children are not restarted after a normal end",
      `if (restart === "permanent" || isAbnormal(reason)) return "restart";`,
      `if (isAbnormal(reason)) return "restart";`,
    ],
    ["transient children are forgotten after a normal end", `return "keep";`, `return "forget";`],
    [
      "a permanent child that ends normally is no failure",
      `return restart === "permanent" || isAbnormal(reason);`,
      "return isAbnormal(reason);",
    ],
    [
      "one_for_one restarts all",
      "return { stops: [], starts: [key] };",
      "return group(inOrder(table), key);",
    ],
    [
      "one_for_all restarts one",
      "return group(inOrder(table), key);",
      "return { stops: [], starts: [key] };",
    ],
    [
      "one_for_all takes the others backwards",
      "return group(inOrder(table), key);",
      "return group(inOrder(table).reverse(), key);",
    ],
    [
      "rest_for_one restarts all",
      "children.slice(children.findIndex((child) => child.key === key))",
      "children",
    ],
    [
      "rest_for_one restarts those before",
      "children.slice(children.findIndex((child) => child.key === key))",
      "children.slice(0, children.findIndex((child) => child.key === key) + 1)",
    ],
    [
      "rest_for_one leaves out the child itself",
      "children.slice(children.findIndex((child) => child.key === key))",
      "children.slice(children.findIndex((child) => child.key === key) + 1)",
    ],
    [
      "a group is stopped in the order of starting",
      ".map((child) => child.key).reverse()",
      ".map((child) => child.key)",
    ],
    [
      "children that are not significant shut down",
      "if (!child.spec.significant) return false;",
      "",
    ],
    [
      "any_significant waits for all",
      `case "any_significant":\n      return true;`,
      `case "any_significant":\n      return !inOrder(table).some(isSignificantAndThere);`,
    ],
    [
      "all_significant waits for none",
      "return !inOrder(table).some(isSignificantAndThere);",
      "return true;",
    ],
    [
      "all_significant waits for children that are not significant",
      `child.spec.significant && child.status.kind !== "stopped"`,
      `child.status.kind !== "stopped"`,
    ],
    [
      "all_significant does not wait for children that are being restarted",
      `child.status.kind !== "stopped"`,
      `child.status.kind === "running"`,
    ],
    [
      "a brutal kill is reported as a bad end",
      `reason.kind === "killed") return true;`,
      `reason.kind === "killed") return false;`,
    ],
    [
      "a permanent child may end as it likes when stopped",
      `!isAbnormal(reason) && restart !== "permanent"`,
      "!isAbnormal(reason)",
    ],
    [
      "shutdown with a detail is a good end of a permanent child",
      `reason.kind === "shutdown" && reason.detail === undefined`,
      `reason.kind === "shutdown"`,
    ],
  ]),
  {
    file: "table.ts",
    name: "the end of an old incarnation is taken for that of the present one",
    // Two lines of defence: with either of them alone nothing would be wrong.
    edits: [
      ["if (old !== undefined && old !== ref) byRef = mapDelete(byRef, old);", ""],
      [
        `child?.status.kind === "running" && child.status.ref.id === actor`,
        `child?.status.kind === "running"`,
      ],
    ],
  },
  ...mutantsOf("table.ts", [
    ["children are ordered backwards", "a.order - b.order", "b.order - a.order"],
    [
      "a child added later takes the place of an earlier one",
      "nextOrder: order + 1",
      "nextOrder: 0",
    ],
    ["arguments of temporary children are kept", `spec.restart === "temporary" ?`, "false ?"],
  ]),
  ...mutantsOf("spec.ts", [
    [
      "children are transient unless told otherwise",
      `restart = "permanent"`,
      `restart = "transient"`,
    ],
    [
      "a supervisor gets as long to stop as a worker",
      `type === "supervisor" ? "infinity" :`,
      `false ? "infinity" :`,
    ],
    ["a permanent child may be significant", `if (restart === "permanent") {`, "if (false) {"],
    [
      "a child may be significant where nothing shuts down",
      `if (autoShutdown === "never") {`,
      "if (false) {",
    ],
    ["two children may have one id", "if (seen.has(id)) {", "if (false) {"],
  ]),
];
