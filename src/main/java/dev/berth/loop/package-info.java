/**
 * What event loops need besides Vert.x: promises that tell on a context, and clocks and timers: wall-clock time, and lived time, which
 * excludes stops of the process. Timers run on their caller's context.
 */
package dev.berth.loop;
