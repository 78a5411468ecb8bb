/** The generator of the clients that the server gives away at {@code /sdk}. It runs in the build only. */
package dev.berth.sdk;
