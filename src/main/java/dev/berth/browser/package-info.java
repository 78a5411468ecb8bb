/**
 * The ports through which sessions use a browser: launch it, drive it, listen to it. Also what the rooms below share: failures
 * and deadlines of commands. Callers are on the event loop of the session.
 */
package dev.berth.browser;
