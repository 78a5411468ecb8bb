/**
 * The operating system's side of a Chrome: command line, process tree, user id, folders, and the guards of its memory and disk.
 * Blocking work runs on worker threads; the guards decide on an event loop of the node.
 */
package dev.berth.browser.process;
