import * as Comlink from "comlink";
import { AskAbortedError } from "./errors.ts";
import type { Protocol } from "./protocol.ts";

type Ask = (method: string, args: unknown[]) => Promise<unknown>;

/** What comlink's `wrap` sends: a call, or one of the operations that are refused. */
interface WireRequest {
  readonly id: string;
  readonly type: string;
  readonly path?: readonly string[];
  readonly argumentList?: readonly { readonly type: string; readonly value: unknown }[];
}

type Listener = (event: { data: unknown }) => void;

/** The wire name of answers that are errors; its handler throws the very object, which keeps its class. */
const ERROR_HANDLER = "troupe.error";

const released = new Error("the proxy was released");

// comlink's table of handlers is global by design; this entry never claims a value that is sent.
Comlink.transferHandlers.set(ERROR_HANDLER, {
  canHandle: (value: unknown): value is never => (void value, false),
  serialize: () => [undefined, []],
  deserialize: (error: unknown) => {
    throw error;
  },
});

/**
 * An actor as a plain comlink `Remote<P>`, over an endpoint that is no port: calls of methods become asks,
 * everything else (get, set, construct, paths of several parts) is refused with a TypeError.
 * `proxy[releaseProxy]()` rejects the calls that wait.
 */
export function asComlinkRemote<P extends Protocol>(ask: Ask): Comlink.Remote<P> {
  const listeners = new Set<Listener>();
  const waiting = new Set<string>();
  /** Keeps the proxy from being collected, which would release it, while a call waits. */
  let held: unknown;
  const answer = (id: string, wire: object): void => {
    waiting.delete(id);
    if (waiting.size === 0) held = undefined;
    for (const listener of listeners) listener({ data: { id, ...wire } });
  };
  const fail = (id: string, error: unknown): void =>
    answer(id, { type: "HANDLER", name: ERROR_HANDLER, value: error });
  const endpoint = {
    postMessage(message: WireRequest): void {
      const { id, type, path = [], argumentList = [] } = message;
      if (type === "RELEASE") {
        // At once: comlink forgets its callers on the next line.
        for (const open of [...waiting]) {
          fail(open, new AskAbortedError("the actor", "a call", released, "maybe"));
        }
        return answer(id, { type: "RAW", value: undefined });
      }
      const [method] = path;
      if (type !== "APPLY" || method === undefined || path.length !== 1) {
        return fail(
          id,
          new TypeError(`${type} of "${path.join(".")}" is refused: only methods can be called`),
        );
      }
      waiting.add(id);
      held = proxy.deref();
      ask(method, argumentList.map((argument) => argument.value)).then(
        (value) => answer(id, { type: "RAW", value }),
        (error) => fail(id, error),
      );
    },
    addEventListener(_type: string, listener: Listener): void {
      listeners.add(listener);
    },
    removeEventListener(_type: string, listener: Listener): void {
      listeners.delete(listener);
    },
  };
  const remote = Comlink.wrap<P>(endpoint as unknown as Comlink.Endpoint);
  const proxy = new WeakRef(remote as object);
  void held;
  return remote;
}
