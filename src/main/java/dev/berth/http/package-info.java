/** The HTTP API. Knows sessions by their messages only, so that a route works the same for a session on another node. */
package dev.berth.http;
