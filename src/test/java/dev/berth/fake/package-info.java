/** The ports of a session, made of memory, and a clock that is turned by hand: what stands behind them, a test decides. */
package dev.berth.fake;
