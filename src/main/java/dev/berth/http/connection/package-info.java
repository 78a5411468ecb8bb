/**
 * Connections of clients: how many there may be, how long each may take over what it says, and how one is really closed. On the
 * event loop of the connection.
 */
package dev.berth.http.connection;
