/**
 * Elements of a page: finds them by selector with a script in an isolated world, waits until they can be acted on, and sends
 * them mouse and key events. Blocks, on a thread of the session's lane; only its public verbs live on the session's event loop.
 */
package dev.berth.browser.drive.element;
