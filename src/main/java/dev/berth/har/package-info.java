/**
 * Writes the requests of a session as a HAR 1.2, piece by piece. Pure: it reads records and gives bytes, on whatever thread calls
 * it.
 */
package dev.berth.har;
