import type { Endpoint } from "comlink";
import type { MessagePort, TransferListItem } from "node:worker_threads";

/** The one method that travels on a link. */
const METHOD = "deliver";

type Listener = (event: { data: unknown }) => void;

/** A call of `deliver` as comlink writes it. */
interface Delivery {
  readonly id: string;
  readonly type: "APPLY";
  readonly path: readonly [typeof METHOD];
  readonly argumentList: readonly [{ readonly type: "RAW"; readonly value: unknown }];
}

/**
 * The sending half of a link's port, for comlink's `wrap`. Nobody waits for comlink's own reply: each call is answered here
 * once it is posted, so that a link costs one message per batch and direction, and no call can stay pending.
 *
 * @param failed is told when a message does not cross; the call itself is answered all the same
 */
export function sendingEndpoint(port: MessagePort, failed: (error: Error) => void): Endpoint {
  const listeners = new Set<Listener>();
  const endpoint = {
    postMessage(
      message: { readonly id: string; readonly type: string },
      transfer: readonly TransferListItem[] = [],
    ): void {
      // A proxy was let go of. The port's own end tells the other side.
      if (message.type === "RELEASE") return;
      try {
        port.postMessage(message, transfer);
      } catch (error) {
        failed(error as Error);
      }
      for (const listener of listeners) {
        listener({ data: { id: message.id, type: "RAW", value: undefined } });
      }
    },
    addEventListener: (_type: string, listener: Listener): void => void listeners.add(listener),
    removeEventListener: (_type: string, listener: Listener): void =>
      void listeners.delete(listener),
  };
  return endpoint as unknown as Endpoint;
}

/**
 * The receiving half, for comlink's `expose`. Lets through calls of `deliver` with one plain argument, and nothing else:
 * what else comlink knows (get, set, construct, longer paths) would let the other side run code here.
 *
 * @param refused is told of everything that was not let through
 */
export function receivingEndpoint(
  port: MessagePort,
  refused: (message: unknown) => void,
): Endpoint {
  const endpoint = {
    // The answer was given where the call was made; see sendingEndpoint.
    postMessage: (): void => {},
    addEventListener(_type: string, listener: Listener): void {
      port.on("message", (data: unknown) => {
        if (isDelivery(data)) listener({ data });
        else refused(data);
      });
    },
    removeEventListener: (): void => {},
  };
  return endpoint as unknown as Endpoint;
}

function isDelivery(data: unknown): data is Delivery {
  if (typeof data !== "object" || data === null) return false;
  const { type, path, argumentList } = data as Partial<Delivery>;
  return type === "APPLY" && Array.isArray(path) && path.length === 1 && path[0] === METHOD &&
    Array.isArray(argumentList) && argumentList.length === 1 &&
    argumentList[0]?.type === "RAW" && Array.isArray(argumentList[0].value);
}
