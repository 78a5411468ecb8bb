package dev.berth.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.pipe.ChildPipe.PipeChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pipes to a {@code cat}, which sends back what it gets. */
class ChildPipeTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    private ChildPipe pipe;
    private Process cat;

    @BeforeEach
    void open() throws Exception {
        EpollPipe made = EpollPipe.open();
        pipe = made;
        // It says that it has its ends, and then is a cat.
        cat = new ProcessBuilder("/bin/sh", "-c", "exec" + made.redirections() + "; echo; exec cat <&3 >&4").start();
        cat.getInputStream().read();
        pipe.opened();
    }

    @AfterEach
    void end() throws Exception {
        pipe.close();
        assertThat(cat.waitFor(10, TimeUnit.SECONDS))
                .as("a closed pipe ends its child")
                .isTrue();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private <T> T on(Callable<T> call) throws Exception {
        return loop.submit(call).get(10, TimeUnit.SECONDS);
    }

    private PipeChannel take(Heard heard) throws Exception {
        return on(() -> {
            PipeChannel channel = pipe.take(loop).orElseThrow();
            channel.start(heard);
            return channel;
        });
    }

    /** What a user hears; on the event loop but for its futures. */
    private static final class Heard implements PipeChannel.Listener {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CompletableFuture<byte[]> enough = new CompletableFuture<>();
        final CompletableFuture<Optional<String>> closed = new CompletableFuture<>();
        final CompletableFuture<Void> written = new CompletableFuture<>();
        final int wanted;
        long writtenBytes;

        Heard(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public void read(byte[] chunk, int length) {
            bytes.write(chunk, 0, length);
            if (bytes.size() >= wanted) {
                enough.complete(bytes.toByteArray());
            }
        }

        @Override
        public void closed(Optional<String> why) {
            closed.complete(why);
        }

        void written(long count) {
            writtenBytes += count;
            if (writtenBytes >= wanted) {
                written.complete(null);
            }
        }
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 9));
        }
        return bytes;
    }

    @Test
    void muchComesBackInOrderAndItsWriterHearsWhenItIsWritten() throws Exception {
        byte[] sent = pattern(10_000_000);
        Heard heard = new Heard(sent.length);
        PipeChannel channel = take(heard);
        assertThat(on(() -> {
                    boolean kept = channel.write(sent, sent.length, heard::written);
                    return kept && !channel.isWritten() && !heard.written.isDone();
                }))
                .isTrue();
        assertThat(heard.enough.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        heard.written.get(10, TimeUnit.SECONDS);
        assertThat(on(channel::isWritten)).isTrue();
    }

    @Test
    void whatIsToldToBeWrittenIsWhatWasGivenThoughItsArrayIsLonger() throws Exception {
        Heard heard = new Heard(10_000_000);
        PipeChannel channel = take(heard);
        on(() -> channel.write(pattern(12_000_000), 10_000_000, heard::written));
        heard.written.get(10, TimeUnit.SECONDS);
        assertThat(on(() -> heard.writtenBytes)).isEqualTo(10_000_000);
    }

    @Test
    void whatIsWrittenLaterKeepsItsOrderAndIsReleased() throws Exception {
        byte[] sent = pattern(3_000_000);
        Heard heard = new Heard(sent.length);
        PipeChannel channel = take(heard);
        List<ByteBuf> pieces = List.of(
                Unpooled.wrappedBuffer(sent, 1_000, 1_999_000), Unpooled.wrappedBuffer(sent, 2_000_000, 500_000));
        CompletableFuture<Void> last = new CompletableFuture<>();
        on(() -> {
            channel.write(Arrays.copyOf(sent, 1_000), 1_000, size -> {});
            pieces.forEach(piece -> channel.writeLater(piece, size -> {}));
            byte[] rest = Arrays.copyOfRange(sent, 2_500_000, sent.length);
            return channel.write(rest, rest.length, size -> last.complete(null));
        });
        assertThat(heard.enough.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        last.get(10, TimeUnit.SECONDS);
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    @Test
    void whatIsNotWrittenAtTheEndIsReleasedAndTold() throws Exception {
        PipeChannel channel = take(new Heard(1));
        ByteBuf late = Unpooled.wrappedBuffer(pattern(10_000_000));
        ByteBuf tooLate = Unpooled.wrappedBuffer(pattern(1));
        AtomicLong told = new AtomicLong();
        on(() -> {
            channel.writeLater(late, told::addAndGet);
            return null;
        });
        pipe.close();
        on(() -> {
            channel.writeLater(tooLate, told::addAndGet);
            return null;
        });
        assertThat(List.of(late, tooLate)).allMatch(piece -> piece.refCnt() == 0);
        assertThat(told).hasValue(10_000_001);
    }

    @Test
    void thereIsOneUserAtATime() throws Exception {
        take(new Heard(1));
        assertThat(on(() -> pipe.take(loop))).isEmpty();
    }

    @Test
    void anotherEventLoopTakesItWhereOneHasLeft() throws Exception {
        Heard first = new Heard(3);
        PipeChannel channel = take(first);
        on(() -> channel.write(new byte[] {1, 2, 3}, 3, size -> {}));
        assertThat(first.enough.get(10, TimeUnit.SECONDS)).containsExactly(1, 2, 3);
        on(() -> {
            channel.leave();
            return null;
        });
        EventLoop other = loop.parent().next();
        Heard second = new Heard(3);
        other.submit(() -> {
                    PipeChannel again = pipe.take(other).orElseThrow();
                    again.start(second);
                    again.write(new byte[] {4, 5, 6}, 3, size -> {});
                })
                .get(10, TimeUnit.SECONDS);
        assertThat(second.enough.get(10, TimeUnit.SECONDS)).containsExactly(4, 5, 6);
        assertThat(first.bytes.size()).isEqualTo(3);
        assertThat(first.closed).isNotDone();
    }

    @Test
    void aChildThatDiesIsHeardOf() throws Exception {
        Heard heard = new Heard(1);
        take(heard);
        cat.destroyForcibly();
        assertThat(heard.closed.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void aChildThatStandsStillLosesItsPipeBeforeItsCommandsFillTheMemory() throws Exception {
        Heard heard = new Heard(1);
        PipeChannel channel = take(heard);
        signal("STOP");
        byte[] command = new byte[1 << 20];
        AtomicLong written = new AtomicLong();
        for (long sent = 0; sent < PipeChannel.MAX_WAITING_BYTES; sent += command.length) {
            on(() -> channel.write(command, command.length, written::addAndGet));
        }
        assertThat(heard.closed).isNotDone();
        on(() -> channel.write(command, command.length, written::addAndGet));
        assertThat(heard.closed.get(10, TimeUnit.SECONDS)).hasValue("the process did not read 64 MiB that it was sent");
        assertThat(written).hasValue(PipeChannel.MAX_WAITING_BYTES + command.length);
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(cat.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aClosedPipeTellsItsUserAndHasNoOther() throws Exception {
        Heard heard = new Heard(1);
        take(heard);
        pipe.close();
        heard.closed.get(10, TimeUnit.SECONDS);
        assertThat(on(() -> pipe.take(loop))).isEmpty();
    }

    @Test
    void otherTransportsAreRefused() throws Exception {
        Vertx plain = Vertx.vertx();
        try {
            assertThat(EpollPipe.defect(plain).orElseThrow()).contains("setPreferNativeTransport(true)");
            assertThat(EpollPipe.defect(vertx)).isEmpty();
            EventLoop other = ((ContextInternal) plain.getOrCreateContext()).nettyEventLoop();
            assertThat(pipe.take(other)).isEmpty();
        } finally {
            plain.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
