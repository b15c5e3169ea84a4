import type { Endpoint } from "comlink";
import type { MessagePort, TransferListItem } from "node:worker_threads";

/** The one method that travels on a link. */
const PATH: readonly string[] = ["deliver"];

type Listener = (event: { data: unknown }) => void;

/** What comlink hands to an endpoint: a call, or that a proxy was let go of. */
interface Outgoing {
  readonly id: string;
  readonly type: string;
  readonly argumentList?: readonly [{ readonly value: unknown }];
}

/**
 * The sending half of a link's port, for comlink's `wrap`. All that ever travels is a call of `deliver` with one plain argument, so
 * that argument is all that is posted. Nobody waits for comlink's own reply: each call is answered here once it is posted,
 * so that a link costs one message per batch and direction, and no call can stay pending.
 *
 * @param failed is told when a message does not cross; the call itself is answered all the same
 */
export function sendingEndpoint(port: MessagePort, failed: (error: Error) => void): Endpoint {
  let listener: Listener | undefined;
  const endpoint = {
    postMessage({ id, argumentList }: Outgoing, transfer: readonly TransferListItem[] = []): void {
      // A proxy was let go of. The port's own end tells the other side.
      if (argumentList === undefined) return;
      try {
        const [{ value }] = argumentList;
        if (transfer.length === 0) port.postMessage(value);
        else port.postMessage(value, transfer);
      } catch (error) {
        failed(error as Error);
      }
      listener?.({ data: { id, type: "RAW", value: undefined } });
    },
    addEventListener: (_type: string, added: Listener): void => void (listener = added),
    removeEventListener: (): void => void (listener = undefined),
  };
  return endpoint as unknown as Endpoint;
}

/**
 * The receiving half, for comlink's `expose`. Whatever the other side posts is the one argument of a call of `deliver`: what else
 * comlink knows (get, set, construct, longer paths) would let the other side run code here, and cannot be said.
 *
 * @param refused is told of everything that is no batch
 */
export function receivingEndpoint(
  port: MessagePort,
  refused: (message: unknown) => void,
): Endpoint {
  const endpoint = {
    // The answer was given where the call was made; see sendingEndpoint.
    postMessage: (): void => {},
    addEventListener(_type: string, listener: Listener): void {
      port.on("message", (value: unknown) => {
        if (!Array.isArray(value)) return refused(value);
        listener({ data: { type: "APPLY", path: PATH, argumentList: [{ type: "RAW", value }] } });
      });
    },
    removeEventListener: (): void => {},
  };
  return endpoint as unknown as Endpoint;
}
