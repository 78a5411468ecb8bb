package dev.berth.recording;

import static dev.berth.recording.Ebml.element;
import static dev.berth.recording.Ebml.head;
import static dev.berth.recording.Ebml.text;
import static dev.berth.recording.Ebml.unsigned;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** JPEGs with timestamps as a Matroska stream, which is what an encoder reads: bare JPEGs have no timestamps. */
final class FrameStream {
    private static final long NANOS_PER_TICK = 1_000_000;
    private static final int VERSION = 4;
    private static final int READ_VERSION = 2;
    private static final int TRACK = 1;
    private static final int TYPE_VIDEO = 1;
    private static final String APP = "Berth";

    /** Track 1, 0 ms after the cluster's time, a frame that is decoded without others. */
    private static final Buffer BLOCK_HEAD = Buffer.buffer(new byte[] {(byte) (0x80 | TRACK), 0, 0, (byte) 0x80});

    private FrameStream() {}

    /** @param startedAt the instant of timestamp 0; encoders copy the title, so the video tells it too */
    static Buffer header(VideoSize size, Instant startedAt) {
        return element(
                        Ebml.HEADER,
                        text(Ebml.DOC_TYPE, "matroska"),
                        unsigned(Ebml.DOC_TYPE_VERSION, VERSION),
                        unsigned(Ebml.DOC_TYPE_READ_VERSION, READ_VERSION))
                .appendBuffer(head(Ebml.SEGMENT, Ebml.UNKNOWN))
                .appendBuffer(element(
                        Ebml.INFO,
                        unsigned(Ebml.TIMESTAMP_SCALE, NANOS_PER_TICK),
                        text(Ebml.TITLE, startedAt.toString()),
                        text(Ebml.MUXING_APP, APP),
                        text(Ebml.WRITING_APP, APP)))
                .appendBuffer(element(Ebml.TRACKS, track(size)));
    }

    private static Buffer track(VideoSize size) {
        return element(
                Ebml.TRACK,
                unsigned(Ebml.TRACK_NUMBER, TRACK),
                unsigned(Ebml.TRACK_UID, TRACK),
                unsigned(Ebml.TRACK_TYPE, TYPE_VIDEO),
                text(Ebml.CODEC, "V_MJPEG"),
                element(
                        Ebml.VIDEO,
                        unsigned(Ebml.PIXEL_WIDTH, size.width()),
                        unsigned(Ebml.PIXEL_HEIGHT, size.height())));
    }

    /** The bytes that come before a JPEG. Each frame is a cluster of its own, so that any time may pass between two of them. */
    static Buffer frameHead(long millis, int jpegBytes) {
        Buffer time = unsigned(Ebml.TIMESTAMP, millis);
        long blockBytes = (long) BLOCK_HEAD.length() + jpegBytes;
        Buffer block = head(Ebml.SIMPLE_BLOCK, blockBytes).appendBuffer(BLOCK_HEAD);
        return head(Ebml.CLUSTER, time.length() + block.length() + (long) jpegBytes)
                .appendBuffer(time)
                .appendBuffer(block);
    }
}
