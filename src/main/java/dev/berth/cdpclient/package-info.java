/** A CDP client and its Chrome: passes messages both ways, in bounded memory. On the event loop of the client. */
package dev.berth.cdpclient;
