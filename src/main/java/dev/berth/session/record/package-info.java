/** The video recordings of a session, on the session's context; and what an earlier process left of such, on the supervisor's. */
package dev.berth.session.record;
