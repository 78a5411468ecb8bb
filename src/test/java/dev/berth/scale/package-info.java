/**
 * What no machine at hand can show with real Chromes: how the server's own part grows with nodes and sessions. A program, not a
 * test: {@link dev.berth.scale.Simulation}.
 */
package dev.berth.scale;
