import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AutoShutdown, Restart } from "../../../src/actor.ts";
import { child, supervisor } from "../../../src/actor.ts";
import type { Ending } from "./stage.ts";
import { Stage } from "./stage.ts";
import { NORMAL, oneSystem, SHUTDOWN } from "./support.ts";

const MODES: readonly AutoShutdown[] = ["any_significant", "all_significant"];
const ENDINGS: readonly Ending[] = ["kill", "crash", NORMAL];
const ROOM = { intensity: 10, periodMs: 60_000 } as const;

describe("supervision on threads: significant children", () => {
  const system = oneSystem();

  const nonsignificant = [
    ["83 nonsignificant_temporary", "temporary", ["z=z.1"]],
    ["84 nonsignificant_transient", "transient", ["a=stopped", "z=z.1"]],
  ] as const;
  for (const [name, restart, children] of nonsignificant) {
    for (const autoShutdown of ["never", ...MODES] as const) {
      it(`${name}: killed, crashed, normal, by API: no auto-shutdown (${autoShutdown})`, async (t) => {
        const stage = await Stage.open(t, system());
        const top = await stage.supervisor({ ...ROOM, autoShutdown }, [stage.member("z")]);
        for (const ending of [...ENDINGS, "api"] as const) {
          await top.ask.startChild(stage.member("a", { restart }));
          if (ending === "api") await top.ask.terminateChild("a");
          else await stage.end("a", ending);
          // Abnormal ends of the transient one are restarted.
          const listed = await stage.children(top);
          if (listed.length === 2 && listed[1] !== "a=stopped") await stage.end("a", NORMAL);
          assert.deepEqual((await stage.children(top)).sort(), children);
          if (restart === "transient") await top.ask.deleteChild("a");
        }
      });
    }
  }

  for (const ending of ENDINGS) {
    it(`85 significant_temporary: ${JSON.stringify(ending)}: any ends, all only after the last`, async (t) => {
      for (const autoShutdown of MODES) {
        const stage = await Stage.open(t, system());
        const top = await stage.supervisor({ autoShutdown }, [
          ...stage.members("a b", { restart: "temporary", significant: true }),
          stage.member("z"),
        ]);
        const down = system().down(top);
        await stage.end("a", ending);
        if (autoShutdown === "all_significant") {
          assert.deepEqual(await stage.children(top), ["b=b.1", "z=z.1"]);
          await stage.end("b", ending);
        }
        assert.deepEqual((await down).reason, SHUTDOWN);
        assert.ok(stage.log.includes("gone z shutdown"));
      }
    });
  }

  for (const restart of ["temporary", "transient"] as const) {
    it(`85, 86 significant_${restart}: terminated by the API: no auto-shutdown`, async (t) => {
      for (const autoShutdown of MODES) {
        const stage = await Stage.open(t, system());
        const top = await stage.supervisor({ autoShutdown }, [
          stage.member("a", { restart, significant: true }),
          stage.member("z"),
        ]);
        await top.ask.terminateChild("a");
        assert.ok((await stage.children(top)).includes("z=z.1"));
      }
    });
  }

  for (const autoShutdown of MODES) {
    it(`86 significant_transient: kill and crash restart, normal triggers (${autoShutdown})`, async (t) => {
      const stage = await Stage.open(t, system());
      const top = await stage.supervisor({ ...ROOM, autoShutdown }, [
        stage.member("a", { restart: "transient", significant: true }),
        stage.member("z"),
      ]);
      const down = system().down(top);
      await stage.end("a", "kill");
      assert.deepEqual(await stage.children(top), ["a=a.2", "z=z.1"]);
      await stage.end("a", "crash");
      assert.deepEqual(await stage.children(top), ["a=a.3", "z=z.1"]);
      await stage.end("a", NORMAL);
      assert.deepEqual((await down).reason, SHUTDOWN);
    });

    it(`87 significant_simple: dynamic children, too (${autoShutdown})`, async (t) => {
      const stage = await Stage.open(t, system());
      const template = { restart: "temporary", significant: true } as const;
      const top = await stage.dynamic({ autoShutdown }, template);
      for (const id of ["a", "b"]) await top.ask.startChild(stage.args(id));
      const down = system().down(top);
      await stage.end("a");
      if (autoShutdown === "all_significant") {
        assert.deepEqual(await stage.children(top), ["b.1"]);
        await stage.end("b");
      }
      assert.deepEqual((await down).reason, SHUTDOWN);
    });
  }

  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    it(`88 significant_bystander: a sibling's group restart stops it: no (${strategy})`, async (t) => {
      for (const autoShutdown of MODES) {
        const stage = await Stage.open(t, system());
        const top = await stage.supervisor({ strategy, autoShutdown }, [
          stage.member("crashes"),
          stage.member("transient", { restart: "transient", significant: true }),
          stage.member("temporary", { restart: "temporary", significant: true }),
        ]);
        await stage.end("crashes");
        const children = ["crashes=crashes.2", "transient=transient.2"];
        assert.deepEqual(await stage.children(top), children);
      }
    });
  }

  for (const significant of [true, false]) {
    const what = significant
      ? "inner is significant: outer ends"
      : "inner is not significant: outer lives";
    it(`89 significant_escalation: ${what}`, async (t) => {
      const stage = await Stage.open(t, system());
      const autoShutdown = "any_significant";
      const restart: Restart = "transient";
      const inner = supervisor({ autoShutdown }, [
        stage.member("leaf", { restart, significant: true }),
      ]);
      const top = await stage.supervisor({ autoShutdown }, [
        child({ id: "inner", start: inner, restart, significant }),
        stage.member("z"),
      ]);
      const [, info] = await top.ask.whichChildren();
      assert.ok(typeof info?.ref === "object");
      const innerDown = system().down(info.ref);
      const outerDown = system().down(top);
      await stage.end("leaf", NORMAL);
      assert.deepEqual((await innerDown).reason, SHUTDOWN);
      if (significant) assert.deepEqual((await outerDown).reason, SHUTDOWN);
      else assert.deepEqual(await stage.children(top), ["inner=stopped", "z=z.1"]);
    });
  }

  for (const restart of ["temporary", "transient"] as const) {
    it(`90 T22: the first is stopped by the API, the last ends: all_significant triggers (${restart})`, async (t) => {
      const stage = await Stage.open(t, system());
      const options = { autoShutdown: "all_significant" } as const;
      const top = await stage.supervisor(
        options,
        stage.members("a b", { restart, significant: true }),
      );
      const down = system().down(top);
      await top.ask.terminateChild("a");
      await stage.end("b", NORMAL);
      assert.deepEqual((await down).reason, SHUTDOWN);
    });
  }
});
