/** Crashes the tracker of a cluster and waits for the next one. */
import { createCluster } from "../src/mod.ts";

await using cluster = await createCluster({ peers: 5 });
const first = await cluster.tracker();
console.log(`${first.tracker} is tracker of epoch ${first.epoch}`);

await cluster.crash("tracker");
const next = await cluster.tracker({ above: first.epoch });
console.log(`${next.tracker} took over in epoch ${next.epoch}`);
console.log(await cluster.peer(next.tracker).network());
