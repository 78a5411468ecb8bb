/** What all routes share: responses, errors, request ids and coalesced look-ups. For any event loop of the API. */
package dev.berth.http.request;
