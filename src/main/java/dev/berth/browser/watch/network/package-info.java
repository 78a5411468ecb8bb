/** What pages and workers ask the network for: requests, sockets, bodies and downloads, and the logins and headers that a session adds. */
package dev.berth.browser.watch.network;
