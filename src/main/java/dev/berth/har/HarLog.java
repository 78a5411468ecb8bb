package dev.berth.har;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.protocol.BodyEntry;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * One HAR, written as pieces of text: the entries, then what is known only after them, such as the pages. Holds no more than a
 * piece and a line for each page. Used by one thread at a time.
 */
public final class HarLog {
    private static final JsonFactory JSON = new JsonFactory();

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final HarPages pages = new HarPages();
    private final JsonGenerator out;
    private final HarEntryWriter writer;

    private interface Writing {
        void run() throws IOException;
    }

    /** Begins the HAR of a session. */
    public HarLog(SessionId session) {
        try {
            out = JSON.createGenerator(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer = new HarEntryWriter(out);
        write(() -> begin(session));
    }

    private void begin(SessionId session) throws IOException {
        out.writeStartObject();
        out.writeObjectFieldStart("log");
        out.writeStringField("version", "1.2");
        out.writeObjectFieldStart("creator");
        out.writeStringField("name", "Berth");
        out.writeStringField("version", "0.1.0");
        out.writeStringField("comment", session.value());
        out.writeEndObject();
        out.writeArrayFieldStart("entries");
    }

    /**
     * The next piece, with these entries.
     *
     * @param bodies of their responses, by their offsets
     */
    public Buffer entries(List<NetworkEntry> entries, Map<Long, BodyEntry> bodies) {
        write(() -> {
            for (NetworkEntry entry : entries) {
                if (pages.isRequest(entry)) {
                    writer.write(entry, pages.of(entry), body(entry, bodies));
                }
            }
        });
        return take();
    }

    private static HarBody body(NetworkEntry entry, Map<Long, BodyEntry> bodies) {
        return entry.body()
                .flatMap(KeptBody::offset)
                .map(bodies::get)
                .map(HarBody::of)
                .orElseGet(() -> HarBody.without(entry));
    }

    /**
     * The last piece.
     *
     * @param navigations to the documents whose load times are known
     */
    public Buffer end(List<NavigationEntry> navigations) {
        write(() -> {
            out.writeEndArray();
            pages.writeTo(out, navigations);
            out.writeEndObject();
            out.writeEndObject();
            out.writeRaw('\n');
        });
        return take();
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Buffer take() {
        write(out::flush);
        Buffer piece = Buffer.buffer(text.toByteArray());
        text.reset();
        return piece;
    }
}
