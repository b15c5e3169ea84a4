import type { Message, PeerId } from "../../election/mod.ts";
import type { Voter } from "./voter.ts";

/** What is due. One shape for all, since a run makes millions. */
export class Due {
  readonly what: (due: Due) => void;
  readonly voter: Voter;
  readonly life: number;
  readonly payload: unknown;

  constructor(what: (due: Due) => void, voter: Voter, life: number, payload: unknown) {
    this.what = what;
    this.voter = voter;
    this.life = life;
    this.payload = payload;
  }
}

/** A message on its way. */
export interface Delivery {
  readonly kind: "message";
  readonly from: PeerId;
  readonly message: Message;
}

/** It arrives. */
export function deliver({ voter, payload }: Due): void {
  voter.feed(payload as Delivery);
}

/** Unless the peer has ended since. */
export function timeOut({ voter, life, payload }: Due): void {
  if (voter.life === life) voter.feed({ kind: "timer", generation: payload as number });
}

/** Unless the peer has ended, or its disk stalls. */
export function finishWrite({ voter, life }: Due): void {
  if (voter.life === life && !voter.diskStalled) voter.written();
}

/** Calls what it carries. */
export function doCall({ payload }: Due): void {
  (payload as () => void)();
}
