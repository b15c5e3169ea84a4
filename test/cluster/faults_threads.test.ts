import type { Cluster } from "../../src/cluster/mod.ts";
import type { MakeBed } from "./faults_conformance.ts";
import { faultsConform } from "./faults_conformance.ts";
import { messagesConform } from "./messages_conformance.ts";
import { testCluster } from "./support.ts";

const make: MakeBed = async (settings = {}) => {
  const bed = await testCluster({}, settings);
  const { cluster, events } = bed;
  return {
    cluster,
    events,
    until: (what, holds) => afterEvents(cluster, what, holds),
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  };
};

faultsConform("threads", make);
messagesConform("threads", make);

/** Rejects after 20 s, in which the events of any healthy cluster would have brought it about. */
function afterEvents(cluster: Cluster, what: string, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!holds()) return;
      clearTimeout(timer);
      events[Symbol.dispose]();
      resolve();
    };
    const timer = setTimeout(() => {
      events[Symbol.dispose]();
      reject(new Error(`waited in vain for ${what}`));
    }, 20_000);
    const events = cluster.on("*", look);
    look();
  });
}
