/** The open pages of a browser: what each shows and waits for, which of them is active, and their dialogs. */
package dev.berth.browser.watch.page;
