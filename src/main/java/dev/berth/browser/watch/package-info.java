/**
 * The eyes: targets, pages, console, network, dialogs and downloads, as Chrome's events describe them, no matter which party
 * drives it. Lives on the event loop of the session; before there is one, on that of the pool.
 */
package dev.berth.browser.watch;
