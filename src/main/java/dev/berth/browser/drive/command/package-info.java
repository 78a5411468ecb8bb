/**
 * Sends cdp4j's typed commands: to a page's CDP session, from threads that block for the answers. The calls of a browser
 * session run in order on its lane; their results return to its event loop.
 */
package dev.berth.browser.drive.command;
