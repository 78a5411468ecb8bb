/**
 * WebSocket upgrades: who may open a socket, how clients are refused, and when sockets are closed. On an event loop of the API.
 */
package dev.berth.http.sockets;
