/** The log lines of pages and workers, as people read them: arguments, tables, groups and stacks. */
package dev.berth.browser.watch.console;
