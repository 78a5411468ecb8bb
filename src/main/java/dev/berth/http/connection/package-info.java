/** Client connections: how many may be open, where a request ends, and how one is closed. On the event loop of the connection. */
package dev.berth.http.connection;
