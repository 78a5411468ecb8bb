/** How long sessions are kept, what removes them, and whether Postgres and the object store have the same. */
package dev.berth.retention;
