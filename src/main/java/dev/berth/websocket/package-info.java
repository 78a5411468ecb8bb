/**
 * WebSocket frames: reading, writing and splitting them, within limits. Knows nothing of their content. On the event loop of
 * the socket.
 */
package dev.berth.websocket;
