package dev.berth.it;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Tests with hostile pages, each with a model that has not been told anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithRedTeam {
    final RedTeam team = new RedTeam();
    final Api api = team.api;

    @AfterAll
    void stop() {
        team.stop();
    }

    @BeforeEach
    void reset() {
        team.reset();
    }
}
