/**
 * The one pipe to a Chrome and its parties: the eyes, the hands, and each CDP client. A pipe is read on the event loop of one of its
 * parties; a party lives on its own.
 */
package dev.berth.browser.cdp;
