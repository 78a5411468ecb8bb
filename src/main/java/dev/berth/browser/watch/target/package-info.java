/**
 * Chrome's targets (pages, iframes of other sites, workers): what each is set up with before its first instruction, when it may run, and
 * where it may go.
 */
package dev.berth.browser.watch.target;
