/**
 * The HTTP server: a verticle for each event loop, and what they share. Its rooms know sessions by their messages only, so that a
 * route works the same for a session on another node.
 */
package dev.berth.http;
