/**
 * cdp4j's typed commands: which page they go to, and on which thread they block. A session's calls run in order, on its lane; their
 * results come back to its event loop.
 */
package dev.berth.browser.drive.command;
