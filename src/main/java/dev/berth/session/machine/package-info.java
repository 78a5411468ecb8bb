/** The logic of a session as a pure function: its state, inputs and effects. No Vert.x, no clock, no threads. */
package dev.berth.session.machine;
