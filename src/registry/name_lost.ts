import type { ActorNode } from "../actor/node.ts";
import type { NameRecord } from "./wire.ts";

/**
 * Says that an actor has lost a name to somebody else. Its thread did not answer for so long that a new registry could not
 * wait for it to tell what its actors hold; meanwhile another actor claimed the name. OTP's `global` would end one of the
 * two: here the event `name.lost` of the actor tells, and a watch of the name does.
 */
export function nameLost(node: ActorNode, { id, name, meta }: NameRecord): void {
  node.event("name.lost", node.cell(id), { name, meta });
}
