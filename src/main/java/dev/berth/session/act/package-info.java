/** The actions of a session: their queue, and how each is carried out. Runs on the session's event loop. */
package dev.berth.session.act;
