/**
 * What a request contains: receives its body within limits, and reads body and parameters as the contract has them. For any event loop
 * of the API; large bodies are parsed on a worker.
 */
package dev.berth.http.validation;
