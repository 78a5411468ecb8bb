/** The verbs of a session: their queue, and how each is carried out. On the event loop of the session. */
package dev.berth.session.act;
