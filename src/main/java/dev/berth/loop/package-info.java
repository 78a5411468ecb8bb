/**
 * Tools of event loops besides Vert.x: promises that tell on a context, and clocks and timers that a test can
 * turn by hand. Timers run on their caller's context.
 */
package dev.berth.loop;
