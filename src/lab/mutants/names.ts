import type { Effect } from "../../election/mod.ts";
import { effectsOf } from "./mutate.ts";
import type { Mutant } from "./mutant.ts";

/** Whoever stands for an epoch claims its name (against R7). */
export const nameOfALoser: Mutant = {
  name: "name-of-a-loser",
  says: "a candidate registers the tracker's name before it has won",
  mutate: effectsOf((effects) =>
    effects.flatMap((effect): readonly Effect[] =>
      effect.kind === "emit" && effect.event.kind === "candidate"
        ? [effect, { kind: "register", epoch: effect.event.epoch }]
        : [effect]
    )
  ),
};
