import type { RegistryClient } from "./client.ts";
import type { RegistryListener } from "./wire.ts";

/** The kernel methods by which the names of a node are reached; every kind of node installs them in its kernel. */
export function registryListener(names: RegistryClient): RegistryListener {
  return {
    registryIs: (id) => names.registryIs(id),
    registryNews: (news) => names.news(news),
    registryChanged: (name) => names.changed(name),
    registryRank: (record) => names.overtaken(record),
    registryClaim: (name, id, meta) => names.claim(name, id, meta),
    registryRaise: (name, id, rank, meta) => names.raise(name, id, rank, meta),
    registryUnregister: (name, id) => names.unregister(name, id),
    registryJoin: (group, id) => names.join(group, id),
    registryLeave: (record) => names.leave(record),
  };
}
