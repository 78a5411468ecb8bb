/**
 * Browserbase's API, for its own clients: a body of theirs becomes one of the contract, and Berth's records become their JSON. {@link
 * dev.berth.http.browserbase.Browserbase} is the table of paths. On the event loop of the request.
 */
package dev.berth.http.browserbase;
