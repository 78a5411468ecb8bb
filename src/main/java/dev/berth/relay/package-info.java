/** A CDP client and its Chrome: messages both ways, in bounded memory. On the event loop of the client. */
package dev.berth.relay;
