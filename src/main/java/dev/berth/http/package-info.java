/**
 * The HTTP server: one verticle, its connections and its router. Its rooms know sessions by their messages only, so that a
 * route works the same for a session on another node.
 */
package dev.berth.http;
