/**
 * One catalogue of what can be done to a session: each verb's name, its command, and the JSON form of what it takes and gives. REST, MCP
 * and AI tasks work from it, so it knows nothing of HTTP. Any thread.
 */
package dev.berth.verbs;
