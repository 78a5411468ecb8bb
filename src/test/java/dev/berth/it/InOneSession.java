package dev.berth.it;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests that share one session: each opens its own page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InOneSession extends SessionTests {
    @Override
    @BeforeAll
    void create() {
        super.create();
    }

    @Override
    @AfterAll
    void end() {
        super.end();
    }

    /** For a test that needs a session in which nothing was done, or that leaves one in which others could not do much. */
    void renew() {
        end();
        create();
    }
}
