package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
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

    /** Leaves the session one page, which is blank. */
    void leaveOnePage() {
        String blank = act("pages", new JsonObject()).getString("pageId");
        for (Object page : api.get(session + "/pages").list("pages")) {
            String id = ((JsonObject) page).getString("pageId");
            if (!id.equals(blank)) {
                assertThat(api.delete(session + "/pages/" + id).status()).isEqualTo(200);
            }
        }
    }

    /** For a test that needs a session in which nothing was done, or that leaves one in which others could not do much. */
    void renew() {
        end();
        create();
    }
}
