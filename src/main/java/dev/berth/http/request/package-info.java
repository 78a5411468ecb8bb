/**
 * Who asks, and for what: keys and tokens, body and query, and the errors that answer a bad one. On an event loop of the API.
 */
package dev.berth.http.request;
