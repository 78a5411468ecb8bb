package dev.berth.browser.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class OpenPagesTest {
    private final OpenPages pages = new OpenPages();
    private Vertx vertx;

    @BeforeEach
    void keep(Vertx made) {
        vertx = made;
    }

    private PageTarget open(String id, String... opener) {
        PageTarget page = new PageTarget(
                vertx,
                id,
                "session-" + id,
                Optional.of(opener).filter(o -> o.length > 0).map(o -> o[0]));
        pages.add(page);
        return page;
    }

    private void close(String id) {
        assertThat(pages.remove("session-" + id)).map(PageTarget::targetId).contains(id);
    }

    private void requireActive(String id) {
        assertThat(pages.active()).map(PageTarget::targetId).contains(id);
    }

    @Test
    void thePageThatIsOpenedOrActivatedLastIsActive() {
        PageTarget a = open("a");
        open("b");
        requireActive("b");
        pages.activate(a);
        requireActive("a");
        open("c");
        requireActive("c");
        assertThat(pages.all()).map(PageTarget::targetId).containsExactly("a", "b", "c");
    }

    @Test
    void afterTheActivePageItsOpenerIsActive() {
        open("a");
        PageTarget b = open("b");
        PageTarget popup = open("c", "a");
        pages.activate(b);
        pages.activate(popup);
        close("c");
        requireActive("a");
    }

    @Test
    void withoutAnOpenerThePageThatWasActiveLastIsActive() {
        PageTarget a = open("a");
        open("b");
        pages.activate(a);
        open("c", "closed before");
        close("c");
        requireActive("a");
        close("a");
        requireActive("b");
        close("b");
        assertThat(pages.active()).isEmpty();
    }

    @Test
    void aPageInTheBackgroundClosesUnnoticed() {
        open("a");
        open("b", "a");
        open("c");
        close("b");
        requireActive("c");
        assertThat(pages.remove("session-b")).isEmpty();
    }

    @Test
    void aClosedPageIsNotActivated() {
        PageTarget a = open("a");
        open("b");
        close("a");
        pages.activate(a);
        requireActive("b");
    }
}
