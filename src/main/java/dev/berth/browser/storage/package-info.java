/** The storage of a browser for its sites: restored from a saved profile, saved to one, and read and set as a storage state. */
package dev.berth.browser.storage;
