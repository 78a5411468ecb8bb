/**
 * The eyes: targets, pages, console, network, dialogs and downloads, as Chrome tells of them, whoever drives it. On the event
 * loop of the session.
 */
package dev.berth.browser.watch;
