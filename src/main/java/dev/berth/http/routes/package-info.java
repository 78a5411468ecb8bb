/**
 * The operations of the contract over HTTP. Each translates a request to a command, and the reply to JSON. For any event loop
 * of the API.
 */
package dev.berth.http.routes;
