/**
 * The parts of every request: the client's connection, its key or the token of its link, what its user may reach, the body and the
 * parameters as the contract has them, and the response or error. For any event loop of the API; large bodies are parsed on a worker.
 */
package dev.berth.http.request;
