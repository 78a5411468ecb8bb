package dev.berth.browser;

/**
 * Where a Chrome listens for its clients, on loopback.
 *
 * @param path of the browser's WebSocket; a secret, as it is all that a client needs
 */
public record DevToolsEndpoint(int port, String path) {}
