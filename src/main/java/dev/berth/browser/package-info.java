/**
 * The ports to a Chrome, which sessions see: launching it, driving it, hearing of it. And what every part behind them shares:
 * how a verb fails, and until when it may take. Its callers are on the event loop of the session.
 */
package dev.berth.browser;
