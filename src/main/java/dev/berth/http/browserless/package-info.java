/**
 * Browserless's API, for programs that speak it: a query or a body of theirs becomes options and steps of the contract. {@link
 * dev.berth.http.browserless.Browserless} is the table of paths. On the event loop of the request.
 */
package dev.berth.http.browserless;
