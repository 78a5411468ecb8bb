/**
 * An embedded Postgres (a child process) and S3 server (in this process), for a run without any setup. All of it blocks
 * and runs on worker threads.
 */
package dev.berth.embedded;
