package dev.berth.browser.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTreeTest {
    private final SessionTree<String> tree = new SessionTree<>();

    /** A session of a party's ends before a command to it was answered. */
    private void leaves(String party, String session, long command) {
        tree.attached(party, session, "target");
        assertThat(tree.send(party, session, command)).isTrue();
        tree.detached(party, session);
    }

    @Test
    void anAnswerWithoutASessionIsForAllThatWaitForOneOfItsId() {
        tree.root("eyes", "eyes", "browser");
        tree.root("client", "client", "browser");
        leaves("eyes", "one", 5);
        leaves("client", "two", 5);
        leaves("client", "three", 5);
        leaves("client", "four", 6);
        assertThat(tree.unanswered(5)).containsExactly("eyes", "client");
        assertThat(tree.unanswered(5)).containsExactly("client");
        assertThat(tree.unanswered(5)).isEmpty();
        assertThat(tree.unanswered(6)).containsExactly("client");
    }
}
