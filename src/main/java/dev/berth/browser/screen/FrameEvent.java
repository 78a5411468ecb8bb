package dev.berth.browser.screen;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.cdp.CdpConnection;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;

/**
 * Chrome's event {@code Page.screencastFrame}.
 *
 * @param sessionId the CDP session
 * @param cast Chrome's number of the screencast, by which its frames are acknowledged
 */
record FrameEvent(String sessionId, int cast, byte[] jpeg, Instant at, int width, int height) {
    static final String METHOD = "Page.screencastFrame";

    /** Decodes the picture where it stands: as a text of Java's it would be some 200 KB more, for each frame. */
    static FrameEvent read(byte[] json, int length) throws IOException {
        try (JsonParser parser = CdpConnection.JSON.createParser(json, 0, length)) {
            Reader reader = new Reader(parser);
            parser.nextToken();
            reader.object();
            return reader.frame();
        }
    }

    /** The picture in an answer to {@code Page.captureScreenshot}. */
    static byte[] picture(byte[] json, int length) throws IOException {
        byte[] jpeg = read(json, length).jpeg();
        if (jpeg.length == 0) {
            throw new IOException("the page gives no picture");
        }
        return jpeg;
    }

    /** The longer side of a JPEG in pixels, as its frame header tells (ITU T.81, B.2.2); 0 where there is none. */
    static int longerSide(Buffer jpeg) {
        int at = 2;
        while (at + 9 <= jpeg.length()) {
            int marker = jpeg.getUnsignedByte(at + 1);
            if (marker >= 0xc0 && marker <= 0xc2) {
                return Math.max(jpeg.getUnsignedShort(at + 5), jpeg.getUnsignedShort(at + 7));
            }
            at += 2 + jpeg.getUnsignedShort(at + 2);
        }
        return 0;
    }

    ScreenFrame of(String pageId, String documentId) {
        return new ScreenFrame(pageId, documentId, Buffer.buffer(jpeg), at, width, height);
    }

    private static final class Reader {
        private final JsonParser json;
        private byte[] jpeg = {};
        private String sessionId = "";
        private int cast;
        private double seconds;
        private double width;
        private double height;

        Reader(JsonParser json) {
            this.json = json;
        }

        void object() throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "params", "result", "metadata" -> object();
                    case "data" -> jpeg = json.getBinaryValue();
                    case "sessionId" -> session(value);
                    case "timestamp" -> seconds = json.getDoubleValue();
                    case "deviceWidth" -> width = json.getDoubleValue();
                    case "deviceHeight" -> height = json.getDoubleValue();
                    default -> json.skipChildren();
                }
            }
        }

        /** The screencast's sessionId is a number, that of CDP a text. */
        private void session(JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                sessionId = json.getText();
            } else {
                cast = json.getIntValue();
            }
        }

        FrameEvent frame() {
            Instant at = Instant.EPOCH.plusNanos(Math.round(seconds * 1_000_000) * 1_000);
            return new FrameEvent(sessionId, cast, jpeg, at, (int) Math.round(width), (int) Math.round(height));
        }
    }
}
