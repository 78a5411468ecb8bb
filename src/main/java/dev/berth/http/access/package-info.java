/** Who may reach what: API keys, tokens in links, and the sessions of a user. For any event loop of the API. */
package dev.berth.http.access;
