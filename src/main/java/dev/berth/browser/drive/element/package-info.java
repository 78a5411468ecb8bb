/**
 * Elements of a page: finds them by selector with a script in a world of its own, waits until they can be acted on, and gives them
 * the mouse and the keys. Blocks, on a thread of the session's lane, but for the doors to it, which live on the session's event loop.
 */
package dev.berth.browser.drive.element;
