/** The door for sockets: who may open one, how one is refused, and why one is closed. On an event loop of the API. */
package dev.berth.http.sockets;
