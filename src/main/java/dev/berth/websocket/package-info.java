/**
 * The WebSockets of clients: frames, read and written within limits, and how a socket is watched and closed. Knows nothing of the
 * content of messages. On the event loop of the socket.
 */
package dev.berth.websocket;
