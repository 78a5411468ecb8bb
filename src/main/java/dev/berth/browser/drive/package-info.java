/**
 * The hands: what each verb does to a page. It and its rooms are the only importers of cdp4j. On the event loop of the session;
 * what blocks runs on the session's lane.
 */
package dev.berth.browser.drive;
