/**
 * The HTTP server: one verticle for each event loop, and what these share. It talks to sessions by messages only, so a route
 * works the same for a session on another node.
 */
package dev.berth.http;
