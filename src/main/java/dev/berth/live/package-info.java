/**
 * Viewers of a session: frames and what happens on its screen out, a person's input in. A slow viewer gets fewer frames, and
 * delays nobody. On the event loop of the viewer's socket; frames come from the session's.
 */
package dev.berth.live;
