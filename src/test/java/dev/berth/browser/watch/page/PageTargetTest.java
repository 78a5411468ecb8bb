package dev.berth.browser.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Deadline;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PageTargetTest {
    private static final Deadline LONG = new Deadline(60_000);
    private PageTarget page;

    @BeforeEach
    void open(Vertx vertx) {
        page = new PageTarget(vertx, "target", "session", Optional.empty());
    }

    @Test
    void aNewPageIsBlank() {
        assertThat(page.targetId()).isEqualTo("target");
        assertThat(page.sessionId()).isEqualTo("session");
        assertThat(page.url()).isEqualTo("about:blank");
        assertThat(page.title()).isEmpty();
        assertThat(page.commits()).isZero();
        assertThat(page.status()).isEmpty();
    }

    @Test
    void theLoaderOfTheFirstNavigationIsKnown() {
        page.expectFirstNavigation();
        assertThat(page.hasStartedFirstNavigation()).isFalse();
        page.navigationStarted("L1");
        page.navigationStarted("L2");
        assertThat(page.hasStartedFirstNavigation()).isTrue();
        assertThat(page.firstLoader()).isEqualTo("L1");
    }

    @Test
    void aNavigationThatStartsAfterThePageIsPreparedIsNotTheFirst() {
        page.expectFirstNavigation();
        page.prepared();
        page.navigationStarted("L1");
        assertThat(page.hasStartedFirstNavigation()).isFalse();
    }

    @Test
    void aNavigationThatIsReportedTwiceIsNotAborted() {
        page.navigationStarted("L1");
        page.navigationStarted("L1");
        assertThat(page.failure("L1")).isEmpty();
    }

    @Test
    void aPageWithoutAnExpectedNavigationHasNoFirstOne() {
        page.navigationStarted("L1");
        assertThat(page.hasStartedFirstNavigation()).isFalse();
    }

    @Test
    void aDocumentThatDoesNotComeHasAFailure() {
        page.navigationStarted("L1");
        Future<Void> failed = page.await(p -> p.failure("L1").isPresent(), LONG);
        page.documentFailed("another request", "net::ERR_FAILED");
        assertThat(failed.isComplete()).isFalse();
        page.documentFailed("L1", "net::ERR_CONNECTION_REFUSED");
        assertThat(failed.succeeded()).isTrue();
        assertThat(page.failure("L1")).contains("net::ERR_CONNECTION_REFUSED");
    }

    @Test
    void aDocumentThatFailsAfterItsCommitIsCutOff() {
        page.navigationStarted("L1");
        page.committed("L1", "http://a.test/", false);
        Future<Void> cut = page.await(p -> p.cutOff("L1").isPresent(), LONG);
        page.documentFailed("L1", "net::ERR_CONTENT_LENGTH_MISMATCH");
        page.loadingStopped();
        assertThat(cut.succeeded()).isTrue();
        assertThat(page.cutOff("L1")).contains("net::ERR_CONTENT_LENGTH_MISMATCH");
        assertThat(page.failure("L1")).isEmpty();
        page.committed("L2", "http://a.test/", false);
        assertThat(page.cutOff("L2")).isEmpty();
    }

    @Test
    void anErrorPageIsNotCutOff() {
        page.navigationStarted("L1");
        page.documentFailed("L1", "net::ERR_CONNECTION_REFUSED");
        Future<Void> cut = page.await(p -> p.cutOff("L1").isPresent(), LONG);
        page.committed("L1", "http://a.test/", false);
        page.markUnreachable();
        page.reached("L1", "load");
        assertThat(cut.isComplete()).isFalse();
        assertThat(page.failure("L1")).contains("net::ERR_CONNECTION_REFUSED");
    }

    @Test
    void aDocumentThatIsLeftWhileItLoadsIsNotCutOff() {
        page.navigationStarted("L1");
        page.committed("L1", "http://a.test/", false);
        page.documentFailed("L1", "net::ERR_ABORTED");
        page.loadingStopped();
        assertThat(page.cutOff("L1")).isEmpty();
    }

    @Test
    void aDocumentThatIsGivenUpIsAborted() {
        page.navigationStarted("L1");
        page.navigationStarted("L2");
        assertThat(page.failure("L1")).contains("net::ERR_ABORTED");
        assertThat(page.failure("L2")).isEmpty();
        page.loadingStopped();
        assertThat(page.failure("L2")).contains("net::ERR_ABORTED");
        assertThat(page.isLeaving()).isFalse();
    }

    @Test
    void aConditionThatIsMetCompletesAtOnce() {
        page.committed("L1", "http://a.test/", false);
        assertThat(page.await(p -> p.hasCommitted("L1"), LONG).succeeded()).isTrue();
    }

    @Test
    void aConditionIsMetByALaterEvent() {
        page.committed("L1", "http://a.test/", false);
        Future<Void> loaded = page.await(p -> p.hasReached("load"), LONG);
        page.reached("L1", "DOMContentLoaded");
        assertThat(loaded.isComplete()).isFalse();
        page.reached("L1", "load");
        assertThat(loaded.succeeded()).isTrue();
    }

    @Test
    void eachWaiterCompletesWithItsOwnEvent() {
        Future<Void> committed = page.await(p -> p.commits() > 0, LONG);
        Future<Void> loaded = page.await(p -> p.hasReached("load"), LONG);
        page.committed("L1", "http://a.test/", false);
        assertThat(committed.succeeded()).isTrue();
        assertThat(loaded.isComplete()).isFalse();
        page.reached("L1", "load");
        assertThat(loaded.succeeded()).isTrue();
    }

    @Test
    void anUnmetConditionFailsWithTimeout(VertxTestContext test) {
        page.await(p -> false, new Deadline(1))
                .onComplete(test.failing(failure -> test.verify(() -> {
                    assertThat(failure)
                            .isInstanceOfSatisfying(
                                    BerthException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
                    assertThat(failure).hasMessageContaining("1 ms");
                    test.completeNow();
                })));
    }

    @Test
    void aPageThatIsGoneFailsItsWaitersWithTheReason() {
        Future<Void> first = page.await(p -> false, LONG);
        Future<Void> second = page.await(p -> p.hasReached("load"), LONG);
        page.gone("the page crashed");
        for (Future<Void> waiting : List.of(first, second)) {
            assertThat(waiting.failed()).isTrue();
            assertThat(waiting.cause())
                    .hasMessage("the page crashed")
                    .isInstanceOfSatisfying(
                            BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACTION_FAILED));
        }
    }

    @Test
    void aPageRestoredFromTheBackForwardCacheCountsAsLoaded() {
        page.committed("L2", "http://a.test/", true);
        assertThat(page.hasReached("DOMContentLoaded")).isTrue();
        assertThat(page.hasReached("load")).isTrue();
        assertThat(page.hasReached("networkIdle")).isTrue();
    }

    @Test
    void aRestoredPageHasTheStatusOfItsDocument() {
        page.responded("L1", 203);
        page.committed("L1", "http://a.test/1", false);
        page.responded("L2", 200);
        page.committed("L2", "http://a.test/2", false);
        page.committed("L1", "http://a.test/1", true);
        assertThat(page.status()).contains(203);
    }

    @Test
    void lifecycleEventsOfOtherLoadersAreIgnored() {
        page.committed("L1", "http://a.test/1", false);
        page.committed("L2", "http://a.test/2", false);
        page.reached("L1", "load");
        assertThat(page.hasReached("load")).isFalse();
        page.reached("L2", "load");
        assertThat(page.hasReached("load")).isTrue();
    }

    @Test
    void aNewDocumentResetsLifecycleAndTitle() {
        page.committed("L1", "http://a.test/1", false);
        page.reached("L1", "load");
        page.updateTitle("One");
        page.committed("L2", "http://a.test/2", false);
        assertThat(page.hasReached("load")).isFalse();
        assertThat(page.title()).isEmpty();
        assertThat(page.url()).isEqualTo("http://a.test/2");
        assertThat(page.commits()).isEqualTo(2);
    }

    @Test
    void theStatusIsThatOfTheCurrentDocument() {
        page.responded("L1", 200);
        assertThat(page.status()).isEmpty();
        page.committed("L1", "http://a.test/1", false);
        page.responded("L2", 404);
        assertThat(page.status()).contains(200);
        page.committed("L2", "http://a.test/2", false);
        assertThat(page.status()).contains(404);
        page.committed("L3", "data:text/html,x", false);
        assertThat(page.status()).isEmpty();
    }

    @Test
    void aCommitWithinTheDocumentKeepsTheDocument() {
        page.responded("L1", 200);
        page.committed("L1", "http://a.test/", false);
        page.reached("L1", "load");
        page.updateTitle("One");
        assertThat(page.withinDocument()).isFalse();
        Future<Void> moved = page.await(p -> p.commits() > 1, LONG);
        page.committedWithinDocument("http://a.test/#there");
        assertThat(moved.succeeded()).isTrue();
        assertThat(page.withinDocument()).isTrue();
        assertThat(page.url()).isEqualTo("http://a.test/#there");
        assertThat(page.hasReached("load")).isTrue();
        assertThat(page.title()).isEqualTo("One");
        assertThat(page.status()).contains(200);
        page.committed("L2", "http://a.test/2", false);
        assertThat(page.withinDocument()).isFalse();
    }

    @Test
    void aTitleIsNewOnlyWhenItChanges() {
        assertThat(page.updateTitle("One")).isTrue();
        assertThat(page.updateTitle("One")).isFalse();
        assertThat(page.updateTitle("Two")).isTrue();
        assertThat(page.title()).isEqualTo("Two");
    }

    @Test
    void aCommitIsRememberedAfterTheNextOnes() {
        page.committed("L0", "http://a.test/0", false);
        page.committed("L1", "http://a.test/1", false);
        assertThat(page.hasCommitted("L0")).isTrue();
        assertThat(page.hasCommitted("L2")).isFalse();
    }

    @Test
    void aNavigationHasAResponseUntilItIsCommitted() {
        page.navigationStarted("L1");
        assertThat(page.hasResponse()).isFalse();
        Future<Void> due = page.await(PageTarget::hasResponse, LONG);
        page.responded("L1", 200);
        assertThat(due.isComplete()).isTrue();
        assertThat(page.hasResponse()).isTrue();
        page.committed("L1", "http://a.test/", false);
        assertThat(page.hasResponse()).isFalse();
    }
}
