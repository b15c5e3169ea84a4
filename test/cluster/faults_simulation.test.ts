import type { SystemEvent } from "../../src/actor.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import { InvariantAlarm } from "../support/invariant_alarm.ts";
import type { MakeBed } from "./faults_conformance.ts";
import { faultsConform } from "./faults_conformance.ts";
import { messagesConform } from "./messages_conformance.ts";

const make: MakeBed = async (settings = {}) => {
  const alarm = new InvariantAlarm(settings);
  const cluster = await createCluster({
    runtime: "simulation",
    seed: 1,
    ...settings,
    onEvent: alarm.onEvent,
  });
  const events: SystemEvent[] = [];
  cluster.on("*", (event) => void events.push(event));
  return {
    cluster,
    events,
    until: (what, holds) => cluster.world.until(what, holds),
    async [Symbol.asyncDispose]() {
      await cluster.close();
      alarm.check();
    },
  };
};

faultsConform("simulation", make);
messagesConform("simulation", make);
