/**
 * The logic of a session, pure: its state, what happens to it, and what is to be done about it. Knows no thread, no clock and
 * no Vert.x.
 */
package dev.berth.session.machine;
