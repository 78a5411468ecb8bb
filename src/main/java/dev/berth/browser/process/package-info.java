/**
 * The side of a Chrome that the operating system knows: its command line, process tree, user id and folders, and the guards of
 * its memory and disk. Reads and deletes on worker threads, decides on the event loop of the session.
 */
package dev.berth.browser.process;
