package dev.berth.session.machine;

import dev.berth.protocol.SessionEvent;

/** What is to be done because of an input. */
public sealed interface SessionEffect {
    /** Open what the session was created for. */
    record OpenInitialPage() implements SessionEffect {}

    /** Refuse new work, end Chrome, and bring all that it left to safety. */
    record CleanUp() implements SessionEffect {}

    /** The row of the session is to be written, soon. */
    record SaveSoon() implements SessionEffect {}

    /** Tell whoever listens. */
    record Publish(SessionEvent event) implements SessionEffect {}

    /** Write the last word, tell it, and be gone. */
    record Finish() implements SessionEffect {}
}
