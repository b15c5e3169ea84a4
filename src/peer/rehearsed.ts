import { rehearse } from "../election/mod.ts";

let rehearsed = false;

/** Has this thread ready for its first election; a thread with several peers needs that once. */
export function rehearseOnce(): void {
  if (rehearsed) return;
  rehearsed = true;
  rehearse();
}
