package dev.berth.browser.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.ResultBudget;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class ResultBudgetTest {
    private final ResultBudget budget = new ResultBudget(100);

    @Test
    void aShareBeyondTheBudgetIsRefused() {
        ResultBudget.Share first = budget.share(3);
        assertThat(first.tryAdd(20)).isTrue();
        assertThat(budget.share(3).tryAdd(20)).isFalse();
        assertThat(budget.share(3).tryAdd(10)).isTrue();
        assertThat(budget.held()).isEqualTo(90);
        first.close();
        assertThat(budget.held()).isEqualTo(30);
    }

    @Test
    void aShareIsHeldUntilItsReadsEnd() {
        ResultBudget.Share share = budget.share(1);
        share.tryAdd(50);
        share.retain();
        share.close();
        assertThat(budget.held()).isEqualTo(50);
        share.release();
        assertThat(budget.held()).isZero();
        assertThat(share.tryAdd(1)).isFalse();
    }

    @Test
    void workReturnsItsShareHoweverItEnds() {
        Promise<Void> work = Promise.promise();
        budget.lend(1, share -> {
            share.tryAdd(10);
            return work.future();
        });
        assertThat(budget.held()).isEqualTo(10);
        work.fail("no");
        assertThat(budget.held()).isZero();
        assertThatThrownBy(() -> budget.lend(1, share -> {
                    share.tryAdd(10);
                    throw new IllegalStateException("at once");
                }))
                .hasMessage("at once");
        assertThat(budget.lend(1, share -> Future.succeededFuture(share.tryAdd(10)))
                        .result())
                .isTrue();
        assertThat(budget.held()).isZero();
    }

    @Test
    void theLargestResultFitsTheBudget() {
        ResultBudget small = new ResultBudget(ResultBudget.ofHeap(64 << 20));
        assertThat(small.share(ResultBudget.TREE).tryAdd(Failures.MAX_RESULT_BYTES))
                .isTrue();
        ResultBudget other = new ResultBudget(ResultBudget.ofHeap(64 << 20));
        assertThat(other.share(ResultBudget.TEXT).tryAdd(Base64Data.MAX_MESSAGE_BYTES))
                .isTrue();
    }
}
