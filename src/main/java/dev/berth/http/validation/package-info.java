/**
 * What a request contains: receives its body within limits, and validates body and parameters against the contract. For any
 * event loop of the API; large bodies are parsed on a worker.
 */
package dev.berth.http.validation;
