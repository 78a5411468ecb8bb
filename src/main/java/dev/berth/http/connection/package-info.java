/**
 * Client connections: how many may be open, how long a client may take, and how one is closed. On the event loop of the
 * connection.
 */
package dev.berth.http.connection;
