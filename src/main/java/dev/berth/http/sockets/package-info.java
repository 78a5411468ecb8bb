/**
 * WebSockets and event streams: who may open one, how clients are refused, and when they are closed. On an event loop of the API.
 */
package dev.berth.http.sockets;
