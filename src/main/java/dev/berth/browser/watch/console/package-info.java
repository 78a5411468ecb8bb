/** What pages and workers log, as people read it: arguments, tables, groups and stacks. */
package dev.berth.browser.watch.console;
