package dev.berth.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeaderTest {
    private final FrameHeader header = new FrameHeader();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, Integer.MAX_VALUE})
    void aWrittenHeaderIsReadInAnyChunks(int size) {
        Buffer plain = Buffer.buffer();
        FrameHeader.append(plain, 0x81, size);
        Buffer masked = Buffer.buffer();
        FrameHeader.appendMasked(masked, 0x81, size);
        for (Buffer written : new Buffer[] {plain, masked}) {
            header.reset();
            for (int i = 0; i < written.length(); i++) {
                assertThat(header.isComplete()).isFalse();
                assertThat(header.isStarted()).isEqualTo(i == 2);
                header.add(written.getByte(i));
            }
            assertThat(header.isComplete()).isTrue();
            assertThat(header.payloadBytes()).isEqualTo(size);
            assertThat(header.isMasked()).isEqualTo(written == masked);
            assertThat(header.isLong()).isEqualTo(size > 125);
        }
    }

    @Test
    void readingStopsBehindTheHeader() {
        Buffer frame = Buffer.buffer(new byte[] {7, (byte) 0x81, 126, 0, (byte) 200, 'x', 'y'});
        assertThat(header.read(frame.getBuffer(0, 3), 1)).isEqualTo(3);
        assertThat(header.isComplete()).isFalse();
        assertThat(header.read(frame, 3)).isEqualTo(5);
        assertThat(header.payloadBytes()).isEqualTo(200);
    }

    @Test
    void theMaskRepeatsEveryFourBytes() {
        Buffer frame = Buffer.buffer(new byte[] {(byte) 0x81, (byte) 0xfe, 0, (byte) 200, 1, 2, 3, 4});
        assertThat(header.read(frame, 0)).isEqualTo(8);
        assertThat(header.mask(0)).isEqualTo((byte) 1);
        assertThat(header.mask(7)).isEqualTo((byte) 4);
    }

    @Test
    void theFirstByteHasOpcodeAndFlags() {
        Buffer ping = Buffer.buffer(new byte[] {(byte) 0x89, 0});
        header.read(ping, 0);
        assertThat(header.isControl()).isTrue();
        assertThat(header.isLast()).isTrue();
        assertThat(header.opcode()).isEqualTo(FrameHeader.PING);
        assertThat(header.hasReservedBits()).isFalse();
        header.reset();
        header.read(Buffer.buffer(new byte[] {0x41, 0}), 0);
        assertThat(header.isLast()).isFalse();
        assertThat(header.hasReservedBits()).isTrue();
    }
}
