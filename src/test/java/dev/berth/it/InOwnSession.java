package dev.berth.it;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests that each have a session of their own. */
abstract class InOwnSession extends SessionTests {
    @Override
    @BeforeEach
    void create() {
        super.create();
    }

    @Override
    @AfterEach
    void end() {
        super.end();
    }
}
