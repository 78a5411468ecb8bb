/**
 * Who asks, and for what: keys and tokens, body and query, and the errors that answer a bad one. For any event loop of the
 * API.
 */
package dev.berth.http.request;
