/**
 * Work on several threads.
 *
 * @module
 */
export { JobPool } from "./job_pool.ts";
export { serveJobs } from "./serve_jobs.ts";
