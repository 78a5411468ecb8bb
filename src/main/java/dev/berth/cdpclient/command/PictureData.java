package dev.berth.cdpclient.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bytes of a picture or document in Chrome's replies. */
public final class PictureData {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private PictureData() {}

    /**
     * Puts the data of several replies together. Takes a while.
     *
     * @param stream whether the replies are those to {@code IO.read}, of which the last one tells the end
     */
    public static Buffer of(List<Buffer> replies, boolean stream) throws IOException {
        Buffer all = Buffer.buffer();
        boolean ended = !stream;
        for (Buffer reply : replies) {
            ended = read(reply, stream, all) || !stream;
        }
        if (!ended) {
            throw new IOException("the client did not read it to its end");
        }
        return all;
    }

    /** Whether the reply tells the end of a stream. */
    private static boolean read(Buffer reply, boolean stream, Buffer to) throws IOException {
        boolean ends = false;
        // A piece of a stream says so; what comes at once always is.
        boolean encoded = !stream;
        byte[] data = {};
        try (JsonParser json = JSON.createParser(reply.getBytes())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "data" ->
                        data = encoded ? json.getBinaryValue() : json.getText().getBytes(StandardCharsets.UTF_8);
                    case "base64Encoded" -> encoded = json.getBooleanValue();
                    case "eof" -> ends = json.getBooleanValue();
                    default -> {}
                }
            }
        }
        to.appendBytes(data);
        return ends;
    }
}
