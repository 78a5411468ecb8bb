/** Facts that Postgres has not taken yet: on the node's disk, in order, and sent later. Disk work runs on a thread of its own. */
package dev.berth.history.outbox;
