package dev.berth.it;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests with hostile pages, each with a model that has not been told anything. */
@ResourceLock(RedTeam.ONE_AT_A_TIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithRedTeam {
    final RedTeam team = RedTeam.shared();
    final Api api = team.api;

    @AfterAll
    void endSessions() {
        team.endSessions();
    }

    @BeforeEach
    void reset() {
        team.reset();
    }
}
