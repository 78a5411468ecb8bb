/** Tells users' servers of events: signed, and again until they have answered. */
package dev.berth.webhook;
