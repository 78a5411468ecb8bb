/**
 * The picture of pages: Chrome's screencast of each page that somebody watches, on a connection of its own, and its pace. Lives on
 * the event loop of the session.
 */
package dev.berth.browser.screencast;
