/**
 * The hands: what a verb does to a page. The only importer of cdp4j, whose commands block: they run on a lane of worker
 * threads, in order per session, and their answers come back to the event loop of the session.
 */
package dev.berth.browser.drive;
