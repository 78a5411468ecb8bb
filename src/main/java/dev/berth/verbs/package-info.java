/**
 * The catalogue of verbs: for each its name, its command, the defaults of its arguments, its part of the action log, and the tool that
 * models get. REST, MCP and AI tasks share it, so it knows nothing of HTTP. How a verb is carried out stands in a table of {@code
 * browser.drive}, or of {@code session.act} where it needs files, tabs or recordings. For any thread.
 */
package dev.berth.verbs;
