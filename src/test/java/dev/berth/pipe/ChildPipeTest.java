package dev.berth.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pipes to a {@code cat}, which sends back what it gets. */
class ChildPipeTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    private final ChildPipe pipe;
    private final Process cat;

    ChildPipeTest() throws Exception {
        pipe = ChildPipe.open(vertx).orElseThrow();
        // It says that it has its ends, and then is a cat.
        cat = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "exec 3<" + pipe.childReadsFrom() + " 4>" + pipe.childWritesTo() + "; echo; exec cat <&3 >&4")
                .start();
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
        final CompletableFuture<Void> drained = new CompletableFuture<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        final int wanted;

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
        public void drained() {
            drained.complete(null);
        }

        @Override
        public void closed() {
            closed.complete(null);
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
    void muchComesBackInOrderAndItsWriterIsToldToWait() throws Exception {
        byte[] sent = pattern(10_000_000);
        Heard heard = new Heard(sent.length);
        PipeChannel channel = take(heard);
        assertThat(on(() -> {
                    channel.write(sent, sent.length);
                    return channel.isFull();
                }))
                .isTrue();
        assertThat(heard.drained).isNotDone();
        assertThat(on(() -> heard.bytes.size()))
                .as("nothing is read before it is asked for")
                .isZero();
        on(() -> {
            channel.resume();
            return null;
        });
        assertThat(heard.enough.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        heard.drained.get(10, TimeUnit.SECONDS);
        assertThat(on(channel::isFull)).isFalse();
    }

    @Test
    void whatIsWrittenLaterKeepsItsOrderAndIsReleased() throws Exception {
        byte[] sent = pattern(3_000_000);
        Heard heard = new Heard(sent.length);
        PipeChannel channel = take(heard);
        List<ByteBuf> pieces = List.of(
                Unpooled.wrappedBuffer(sent, 1_000, 1_999_000), Unpooled.wrappedBuffer(sent, 2_000_000, 500_000));
        on(() -> {
            channel.write(Arrays.copyOf(sent, 1_000), 1_000);
            pieces.forEach(channel::writeLater);
            byte[] rest = Arrays.copyOfRange(sent, 2_500_000, sent.length);
            channel.write(rest, rest.length);
            assertThat(channel.waitingBytes()).isGreaterThanOrEqualTo(sent.length - 1_000);
            channel.resume();
            return null;
        });
        assertThat(heard.enough.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        heard.drained.get(10, TimeUnit.SECONDS);
        assertThat(on(channel::waitingBytes)).isZero();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    @Test
    void whatIsNotWrittenAtTheEndIsReleased() throws Exception {
        PipeChannel channel = take(new Heard(1));
        ByteBuf late = Unpooled.wrappedBuffer(pattern(10_000_000));
        ByteBuf tooLate = Unpooled.wrappedBuffer(pattern(1));
        on(() -> {
            channel.writeLater(late);
            return null;
        });
        pipe.close();
        on(() -> {
            channel.writeLater(tooLate);
            return null;
        });
        assertThat(List.of(late, tooLate)).allMatch(piece -> piece.refCnt() == 0);
        assertThat(on(channel::waitingBytes)).isZero();
    }

    @Test
    void thereIsOneUserAtATime() throws Exception {
        Heard first = new Heard(1);
        PipeChannel channel = take(first);
        assertThat(on(() -> pipe.take(loop))).isEmpty();
        on(() -> {
            channel.giveBackOnceWritten();
            return null;
        });
        Heard second = new Heard(3);
        PipeChannel again = take(second);
        on(() -> {
            again.resume();
            again.write(new byte[] {1, 2, 3}, 3);
            return null;
        });
        assertThat(second.enough.get(10, TimeUnit.SECONDS)).containsExactly(1, 2, 3);
        assertThat(first.bytes.size()).isZero();
        assertThat(first.closed).isNotDone();
    }

    @Test
    void aChildThatDiesIsHeardOf() throws Exception {
        Heard heard = new Heard(1);
        PipeChannel channel = take(heard);
        on(() -> {
            channel.resume();
            return null;
        });
        cat.destroyForcibly();
        heard.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatADeadChildLeftIsReadByWhoReadsLater() throws Exception {
        byte[] sent = pattern(50_000);
        Heard heard = new Heard(sent.length);
        PipeChannel channel = take(heard);
        on(() -> {
            channel.resume();
            channel.pause();
            channel.write(sent, sent.length);
            return null;
        });
        awaitReadable(sent.length);
        cat.destroyForcibly().waitFor();
        on(() -> {
            channel.resume();
            return null;
        });
        assertThat(heard.enough.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        heard.closed.get(10, TimeUnit.SECONDS);
    }

    /** Until the cat has read it all: the kernel tells how much. */
    private void awaitReadable(int length) throws IOException {
        java.nio.file.Path io = java.nio.file.Path.of("/proc/" + cat.pid() + "/io");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (written(java.nio.file.Files.readString(io)) < length) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static long written(String io) {
        return io.lines()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .findFirst()
                .orElseThrow();
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
    void otherTransportsHaveNone() throws Exception {
        Vertx plain = Vertx.vertx();
        try {
            assertThat(ChildPipe.open(plain)).isEmpty();
            EventLoop other = ((ContextInternal) plain.getOrCreateContext()).nettyEventLoop();
            assertThat(pipe.take(other)).isEmpty();
        } finally {
            plain.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
