/**
 * Pages as people see and use them: their pictures (screencasts and single ones), people's input, and what no picture shows:
 * dialogs, choosers of files, lists of {@code select} elements, the mouse pointer. Lives on the event loop of the session.
 */
package dev.berth.browser.screen;
