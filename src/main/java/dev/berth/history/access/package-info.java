/** SQL for who may do what: keys, share links, and what is revoked. */
package dev.berth.history.access;
