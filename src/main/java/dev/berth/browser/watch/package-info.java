/**
 * The eyes: targets, pages, network and console, as Chrome's events describe them, no matter which party drives it. Each has a room;
 * {@link dev.berth.browser.watch.ChromeWatcher} gives them their events. Lives on the browser's context.
 */
package dev.berth.browser.watch;
