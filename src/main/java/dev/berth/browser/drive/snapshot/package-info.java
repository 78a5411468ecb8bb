/**
 * Snapshots: a page described as text for a model, and the refs in it. They join Chrome's own accessibility tree (names and roles as
 * assistive technology gets them) with its layout, off the page's threads, instead of running an injected script in each document; the
 * one that was weighed against this comes in a download of 200 MB. Lives on the browser's context; describing runs on worker threads.
 */
package dev.berth.browser.drive.snapshot;
