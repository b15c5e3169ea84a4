import type { Cluster } from "../../cluster/api.ts";

/**
 * What of a cluster the console and the commands need. The cluster of this process has it, and so has one in another
 * process, through its control socket.
 */
export type ShownCluster = Pick<
  Cluster,
  | "seed"
  | "folder"
  | "peers"
  | "folders"
  | "peer"
  | "view"
  | "tracker"
  | "restart"
  | "stop"
  | "inspect"
  | "on"
>;
