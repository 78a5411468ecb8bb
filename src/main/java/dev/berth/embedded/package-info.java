/** Postgres and an S3 server inside this process, for a run without any set-up. */
package dev.berth.embedded;
