/**
 * Connections to a Chrome over CDP: messages out, answers and events in, each kept small enough. On the event loop of the
 * session.
 */
package dev.berth.browser.cdp;
