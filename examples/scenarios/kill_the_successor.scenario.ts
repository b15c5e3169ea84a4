import { type CodeScenario, scenario } from "../../src/lab.ts";

const story: CodeScenario = scenario("kill the tracker, then its successor", async (c) => {
  await c.start({ peers: 5 });
  const first = await c.tracker();
  await c.crash(first);
  const next = await c.until.candidate({ within: "2s" });
  await c.crash(next.peer, { for: "1s" });
  const { all } = await c.measure.failover();
  c.expect(all, "failover").below("2s");
  await c.partition.bridge({ who: "tracker", for: "1s" });
  await c.heal();
  await c.eventually.agreed({ within: "2s" });
}, {
  teaches:
    "What happens next can depend on what happened: a program waits for the candidate and kills that very one.",
});

export default story;
