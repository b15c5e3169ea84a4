import type { SystemEvent } from "../actor/mod.ts";
import { printable } from "./text/printable.ts";

/** What the events of a cluster carry, checked, since an event's data may be anything. */
export interface Facts {
  readonly peer: string;
  readonly role: string | undefined;
  readonly tracker: string | undefined;
  readonly epoch: number | undefined;
  /** A text, an error's message, or an exit reason in words. */
  text(key: string): string | undefined;
  number(key: string): number | undefined;
  list(key: string): readonly string[] | undefined;
}

/** The facts of `event`. */
export function factsOf({ data, name }: SystemEvent): Facts {
  const text = (key: string): string | undefined => textOf(data[key]);
  const number = (key: string): number | undefined => {
    const value = data[key];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const list = (key: string): readonly string[] | undefined => {
    const value = data[key];
    return Array.isArray(value) ? value.map((one) => printable(String(one))) : undefined;
  };
  const peer = text("peer") ?? text("child") ?? (name === undefined ? "someone" : printable(name));
  const [role, tracker, epoch] = [text("role"), text("tracker"), number("epoch")];
  return { peer, role, tracker, epoch, text, number, list };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return printable(value);
  if (value instanceof Error) return printable(value.message);
  if (typeof value !== "object" || value === null) return undefined;
  if ("kind" in value) {
    return reasonText(value as { readonly kind: unknown; readonly [key: string]: unknown });
  }
  // An error that came out of a log or from another process.
  return "message" in value && typeof value.message === "string"
    ? printable(value.message)
    : undefined;
}

/** An `ExitReason` for people. */
function reasonText(reason: { readonly kind: unknown; readonly [key: string]: unknown }): string {
  switch (reason.kind) {
    case "error":
      return `it threw "${textOf(reason["error"]) ?? "something"}"`;
    case "nodedown": {
      const cause = textOf(reason["cause"]);
      return `its thread ended${cause === undefined ? "" : ` (${cause})`}`;
    }
    case "shutdown":
      return "stopped";
    case "normal":
      return "it ended by itself";
    default:
      return printable(String(reason.kind));
  }
}
