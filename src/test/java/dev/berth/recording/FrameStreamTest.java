package dev.berth.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.recording.EbmlElements.Element;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameStreamTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final long FIVE_HOURS = 5 * 3_600_000;

    @TempDir
    Path folder;

    @Test
    void theHeaderSaysWhatFollows() {
        EbmlElements stream = read(FrameStream.header(new VideoSize(1280, 720), START));
        assertThat(first(stream, Ebml.HEADER).first(Ebml.DOC_TYPE).orElseThrow().text())
                .isEqualTo("matroska");
        Element segment = stream.first(Ebml.SEGMENT).orElseThrow();
        assertThat(segment.size()).isEqualTo(Ebml.UNKNOWN);
        EbmlElements track = first(first(segment.content(), Ebml.TRACKS), Ebml.TRACK);
        assertThat(track.first(Ebml.CODEC).orElseThrow().text()).isEqualTo("V_MJPEG");
        EbmlElements video = first(track, Ebml.VIDEO);
        assertThat(video.first(Ebml.PIXEL_WIDTH).orElseThrow().unsigned()).isEqualTo(1280);
        assertThat(video.first(Ebml.PIXEL_HEIGHT).orElseThrow().unsigned()).isEqualTo(720);
    }

    @Test
    void aFrameIsAClusterWithItsTimeAndOneKeyFrame() {
        Buffer jpeg = Buffer.buffer("a picture");
        EbmlElements cluster =
                first(read(FrameStream.frameHead(FIVE_HOURS + 1, jpeg.length()).appendBuffer(jpeg)), Ebml.CLUSTER);
        assertThat(cluster.first(Ebml.TIMESTAMP).orElseThrow().unsigned()).isEqualTo(FIVE_HOURS + 1);
        assertThat(cluster.first(Ebml.SIMPLE_BLOCK).orElseThrow().text()).endsWith("a picture");
    }

    @Test
    void framesFollowOneAnotherWithoutRest() {
        Buffer jpeg = Buffer.buffer(new byte[70_000]);
        Buffer two = Buffer.buffer();
        for (long millis : new long[] {0, 40}) {
            two.appendBuffer(FrameStream.frameHead(millis, jpeg.length())).appendBuffer(jpeg);
        }
        Element one = read(two).first(Ebml.CLUSTER).orElseThrow();
        assertThat(two.length()).isEqualTo(2 * (int) (one.size() + 12));
    }

    @Test
    void theHeaderOfAVideoIsRead() throws Exception {
        assertThat(header(FrameStream.header(new VideoSize(640, 480), START)))
                .contains(new WebmHeader(false, 0, 640, 480, START));
    }

    @Test
    void whatIsNoVideoIsNotRead() throws Exception {
        Buffer video = FrameStream.header(new VideoSize(640, 480), START);
        for (int length = 0; length < video.length() - 1; length++) {
            assertThat(header(video.slice(0, length).copy())).isEmpty();
        }
    }

    @Test
    void rubbishIsRead() throws Exception {
        Random random = new Random(1);
        Buffer video = FrameStream.header(new VideoSize(640, 480), START);
        for (int round = 0; round < 2_000; round++) {
            Buffer broken = video.copy();
            for (int i = 0; i < 5; i++) {
                broken.setByte(random.nextInt(broken.length()), (byte) random.nextInt());
            }
            WebmHeader.read(new EbmlElements(ByteBuffer.wrap(broken.getBytes())));
        }
    }

    private Optional<WebmHeader> header(Buffer bytes) throws Exception {
        return WebmHeader.read(Files.write(folder.resolve("video"), bytes.getBytes()));
    }

    private static EbmlElements read(Buffer bytes) {
        return new EbmlElements(ByteBuffer.wrap(bytes.getBytes()));
    }

    private static EbmlElements first(EbmlElements elements, int id) {
        return elements.first(id).orElseThrow().content();
    }
}
