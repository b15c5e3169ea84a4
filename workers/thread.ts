/** The entry module of every thread: makes it a node, which then loads the modules of the actors it is asked to run. */
import { runThread } from "../src/runtime/threads/inside.ts";

runThread();
