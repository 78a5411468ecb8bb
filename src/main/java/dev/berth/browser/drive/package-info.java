/**
 * The hands: carries out each verb on a page. This room and those below are the only importers of cdp4j. Lives on the event
 * loop of the session; blocking calls run on the session's lane.
 */
package dev.berth.browser.drive;
