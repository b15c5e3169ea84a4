import { TroupeError } from "../../actor/mod.ts";
import type { WireError } from "./messages.ts";

/** What a cluster in another process answered instead of a result; its `code` is that of the error over there. */
export class RemoteError extends TroupeError {
  readonly code: string;
  readonly hint: string | undefined;

  constructor({ message, data }: WireError) {
    super(message);
    this.code = data?.code ?? "internal";
    this.hint = data?.hint;
  }
}

/** The other side is gone, or says what nobody understands. */
export class ConnectionLostError extends TroupeError {
  readonly code = "connection_lost";
}

/** No cluster of this user runs under that name, or none at all. */
export class NoClusterError extends TroupeError {
  readonly code = "no_cluster";
  readonly hint: string = "troupe ps lists the clusters that run, troupe up --detach starts one.";
}
