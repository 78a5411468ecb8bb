/** What all routes share: responses, errors, request ids, and who may reach which session. For any event loop of the API. */
package dev.berth.http.request;
