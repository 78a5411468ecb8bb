/**
 * The catalogue of verbs: for each its name, its command, and the JSON form of arguments and result. REST, MCP and AI tasks
 * share it, so it knows nothing of HTTP. For any thread.
 */
package dev.berth.verbs;
