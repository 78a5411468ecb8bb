/** WebSocket frames: read, written, cut, within limits. Knows nothing of what they carry. On the event loop of the socket. */
package dev.berth.websocket;
