/**
 * The operations of the contract over HTTP. Each translates a request to a command, and its reply to JSON. On an event loop of
 * the API.
 */
package dev.berth.http.routes;
