package dev.berth.browser.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.Party.CommandAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a party sent to a Chrome that does not read. */
class PartyTest {
    private static final String COMMAND = "{\"id\":1,\"method\":\"Echo.it\"" + " ".repeat(100_000) + "}";

    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    private final Stuck chrome = new Stuck();
    private final Hearing heard = new Hearing();
    private final ByteBuf sent = Unpooled.copiedBuffer(COMMAND, StandardCharsets.US_ASCII);
    private Party party;

    /** It reads nothing large. */
    private static final class Stuck extends ScriptedChrome {
        final List<Runnable> waiting = new ArrayList<>();

        Stuck() {
            super(true);
        }

        @Override
        public void writeLater(ByteBuf bytes, LongConsumer onWritten) {
            waiting.add(() -> super.writeLater(bytes, onWritten));
        }
    }

    private static final class Hearing implements Party.Receiver {
        final CompletableFuture<Void> drained = new CompletableFuture<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public void piece(byte[] bytes, int from, int to, boolean last) {}

        @Override
        public void turnEnds() {}

        @Override
        public void dropped(int entries) {}

        @Override
        public void missed(byte[] head, String sessionId, long bytes) {}

        @Override
        public void drained() {
            drained.complete(null);
        }

        @Override
        public void closed(Optional<String> why) {
            closed.complete(null);
        }
    }

    @BeforeEach
    void open() throws Exception {
        party = ChromePipe.of(context, chrome)
                .open(context, Party.Kind.CLIENT)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        party.start(heard);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void add() {
        party.add(List.of(sent), new CommandAddress(1, party.session(), -1, false));
    }

    @Test
    void whoLeavesIsToldWhenTheLastIsWritten() throws Exception {
        chrome.on(() -> {
            add();
            party.flush();
            party.close();
            return null;
        });
        chrome.on(() -> null);
        assertThat(heard.drained).isNotDone();
        assertThat(party.unwrittenBytes()).isPositive();
        chrome.on(() -> {
            chrome.waiting.forEach(Runnable::run);
            return null;
        });
        heard.drained.get(10, TimeUnit.SECONDS);
        assertThat(party.unwrittenBytes()).isZero();
    }

    @Test
    void whoSentSomethingLargeIsToldWhenItIsWritten() throws Exception {
        chrome.on(() -> {
            add();
            party.flush();
            assertThat(party.isFull()).isFalse();
            return null;
        });
        chrome.on(() -> {
            chrome.waiting.forEach(Runnable::run);
            return null;
        });
        heard.drained.get(10, TimeUnit.SECONDS);
        assertThat(party.unwrittenBytes()).isZero();
    }

    @Test
    void whatWasNotSentYetIsReleasedWhereChromeIsGone() throws Exception {
        chrome.on(() -> {
            add();
            chrome.die();
            return null;
        });
        heard.closed.get(10, TimeUnit.SECONDS);
        chrome.on(() -> {
            party.close();
            return null;
        });
        assertThat(sent.refCnt()).isZero();
        assertThat(party.unwrittenBytes()).isZero();
    }

    @Test
    void whatIsSentToAChromeThatIsGoneIsReleasedAndNotCounted() throws Exception {
        chrome.on(() -> {
            add();
            chrome.die();
            party.flush();
            return null;
        });
        chrome.on(() -> null);
        assertThat(sent.refCnt()).isZero();
        assertThat(party.unwrittenBytes()).isZero();
    }
}
