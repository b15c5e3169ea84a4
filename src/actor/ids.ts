/** The address of a thread (on threads) or of a simulated host: `main`, `t1`, `t2`... Never used twice in one system. */
export type NodeId = string & { readonly __node: unique symbol };

/** The address of one incarnation of an actor: `<node>/<number>`. Never used twice in one system. */
export type ActorId = string & { readonly __actor: unique symbol };

/** Where nobody lives: the address of names that nobody has. */
export const NOWHERE: NodeId = "nowhere" as NodeId;

/** The number that every node keeps for its kernel. */
const KERNEL = 0;

/** The id of the `number`th actor of `node`. */
export function actorId(node: NodeId, number: number): ActorId {
  return `${node}/${number}` as ActorId;
}

/** The id of the actor that manages `node` itself. */
export function kernelId(node: NodeId): ActorId {
  return actorId(node, KERNEL);
}

/** The node that an actor lives on. */
export function nodeOf(id: ActorId): NodeId {
  const slash = id.indexOf("/");
  return id.slice(0, slash) as NodeId;
}

/** `id` for people: of a name that nobody has, the name. */
export function nameOf(id: ActorId): string {
  return nodeOf(id) === NOWHERE ? id.slice(NOWHERE.length + 1) : id;
}
