/**
 * The actor: one verticle is one session is one Chrome. The supervisor and each session run on an event loop, each on a
 * context of its own.
 */
package dev.berth.session;
