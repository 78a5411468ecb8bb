/**
 * Finds and launches Chromes, keeps warm ones, and puts the process, the eyes and the hands of one together to a browser.
 * Opened for {@code Server} and {@code node}.
 */
package dev.berth.browser.launch;
