/** JSON-RPC 2.0, one message a line. docs/cli.md lists the methods. */
export interface Request {
  readonly jsonrpc: "2.0";
  readonly id: number | string;
  readonly method: string;
  readonly params: Params;
}

/** A request that nobody waits for: `event`, `progress` and `dropped` from the cluster, `cancel` to it. */
export type Notification = Omit<Request, "id">;

/** What was asked for, or why it cannot be had. */
export type Response =
  | { readonly jsonrpc: "2.0"; readonly id: number | string; readonly result: unknown }
  | {
    readonly jsonrpc: "2.0";
    readonly id: number | string | null;
    readonly error: WireError;
  };

/** Named parameters. */
export type Params = Readonly<Record<string, unknown>>;

/** An error of the other side. */
export interface WireError {
  /** As JSON-RPC numbers them; -32000 for what a cluster answers. */
  readonly code: number;
  readonly message: string;
  /** `code` as troupe's errors have it, and what to do about it. */
  readonly data?: { readonly code?: string | undefined; readonly hint?: string | undefined };
}

/** The numbers of JSON-RPC 2.0 that are used here. */
export const RPC = { parse: -32700, invalid: -32600, noMethod: -32601, failed: -32000 } as const;

/** A line that is none of ours. */
export interface Malformed {
  readonly malformed: string;
  readonly id: number | string | null;
  readonly code: number;
}

/** What `line` says. */
export function readMessage(line: string): Request | Notification | Response | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { malformed: "The line is no JSON", id: null, code: RPC.parse };
  }
  if (!isRecord(value)) return { malformed: "Expected an object", id: null, code: RPC.invalid };
  const { id, method, params = {} } = value;
  const known = typeof id === "number" || typeof id === "string" ? id : null;
  if (value["jsonrpc"] !== "2.0") {
    return { malformed: 'Expected "jsonrpc": "2.0"', id: known, code: RPC.invalid };
  }
  if (typeof method === "string") {
    if (!isRecord(params)) {
      return { malformed: "Expected params to be an object", id: known, code: RPC.invalid };
    }
    const call = { jsonrpc: "2.0", method, params } as const;
    return known === null ? call : { ...call, id: known };
  }
  if ("result" in value && known !== null) {
    return { jsonrpc: "2.0", id: known, result: value["result"] };
  }
  if (isWireError(value["error"])) return { jsonrpc: "2.0", id: known, error: value["error"] };
  return { malformed: "Expected a method, a result or an error", id: known, code: RPC.invalid };
}

/** Whether `value` is an object, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWireError(value: unknown): value is WireError {
  return isRecord(value) && typeof value["code"] === "number" &&
    typeof value["message"] === "string";
}
