package dev.berth.it;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests with hostile pages, each with a model that has not been told anything. */
@ResourceLock(Berth.LOG_RESOURCE)
abstract class WithRedTeam {
    static RedTeam team;

    final Api api = team.api;

    @BeforeAll
    static void start() {
        team = new RedTeam();
    }

    @AfterAll
    static void stop() {
        team.stop();
    }

    @BeforeEach
    void reset() {
        team.reset();
    }
}
