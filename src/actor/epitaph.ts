import type { ExitReason } from "./exit_reason.ts";

/**
 * A death as it is remembered when everybody was told of it: how it was, but not where in the code, nor what it was told with.
 * That takes ten times as much memory as all the rest, for as long as the death is remembered.
 */
export function epitaph(reason: ExitReason): ExitReason {
  switch (reason.kind) {
    case "error":
      return { kind: "error", error: inBrief(reason.error) };
    case "nodedown": {
      const { kind, node, cause } = reason;
      return cause === undefined ? reason : { kind, node, cause: inBrief(cause) };
    }
    case "shutdown":
      return typeof reason.detail === "object" ? { kind: "shutdown" } : reason;
    default:
      return reason;
  }
}

/** An error of the same class with the same name, message and code, and nothing else. */
function inBrief(error: Error): Error {
  const { name, message } = error;
  const brief = withoutStack(message);
  Object.setPrototypeOf(brief, Object.getPrototypeOf(error));
  if (brief.name !== name) Object.defineProperty(brief, "name", { value: name });
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? Object.assign(brief, { code }) : brief;
}

function withoutStack(message: string): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return new Error(message);
  } finally {
    Error.stackTraceLimit = limit;
  }
}
