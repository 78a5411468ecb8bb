package dev.berth.http.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * Checks the shape of a JSON text before it is parsed to a tree: one value, in UTF-8, of limited size, with no duplicate keys
 * (two readers could see different values).
 */
final class JsonShape {
    /** Enough for 1,000 cookies, the most that the contract allows, with all of their fields. */
    private static final int MAX_TOKENS = 20_100;

    /** The contract's validator checks every entry, also those beyond its limit: 25 us for an invalid one were measured. */
    private static final int MAX_ENTRIES = 1_000;

    private static final int MAX_KEYS = 100;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_CHARS = 100;
    private static final int MAX_SHOWN_CHARS = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Otherwise every name that a client makes up stays in memory.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private JsonShape() {}

    /** Throws {@link BerthException} that says what is wrong. */
    static void require(Buffer body) {
        ByteBuf bytes = ((BufferInternal) body).getByteBuf();
        requireUtf8(bytes);
        try (JsonParser in = JSON.createParser((InputStream) new ByteBufInputStream(bytes.duplicate()))) {
            readValue(in);
            requireEnd(in);
        } catch (StreamConstraintsException e) {
            throw Validation.invalid("the body is nested deeper than " + MAX_DEPTH + ", or has a number of more than "
                    + MAX_NUMBER_CHARS + " digits or a key that is too long");
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Checked here, since Jackson would detect and accept UTF-16 and UTF-32. */
    private static void requireUtf8(ByteBuf bytes) {
        if (startsWith(bytes, 0xef, 0xbb, 0xbf) || startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
            throw Validation.invalid("the body must be JSON in UTF-8 without a byte order mark");
        }
        if (bytes.indexOf(0, Math.min(4, bytes.readableBytes()), (byte) 0) >= 0) {
            throw Validation.invalid("the body must be UTF-8, not UTF-16 or UTF-32");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = bytes.nioBuffer();
        CharBuffer ignored = CharBuffer.allocate(8_192);
        CoderResult result;
        do {
            result = decoder.decode(in, ignored.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw Validation.invalid("the body is not UTF-8");
        }
    }

    private static boolean startsWith(ByteBuf bytes, int... start) {
        return bytes.readableBytes() >= start.length
                && IntStream.range(0, start.length).allMatch(i -> bytes.getUnsignedByte(i) == start[i]);
    }

    private static void requireEnd(JsonParser in) {
        boolean end;
        try {
            end = in.nextToken() == null;
        } catch (IOException e) {
            end = false;
        }
        if (!end) {
            throw Validation.invalid("the body must be one JSON value, and nothing after it");
        }
    }

    private static BerthException notJson() {
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "the body is not well-formed JSON",
                "names and texts stand in \"…\"; in a shell, put the body in '…'");
    }

    private static BerthException explain(IOException e) {
        boolean duplicate = e instanceof JsonParseException parse
                && parse.getOriginalMessage().startsWith("Duplicate field");
        return duplicate
                ? Validation.invalid("the body has a duplicate key: "
                        + Truncation.cut(((JsonParseException) e).getOriginalMessage(), MAX_SHOWN_CHARS))
                : notJson();
    }

    private static void readValue(JsonParser in) throws IOException {
        int depth = 0;
        int tokens = 0;
        do {
            JsonToken token = in.nextToken();
            if (token == null) {
                throw notJson();
            }
            if (++tokens > MAX_TOKENS) {
                throw Validation.invalid("the body has more than " + MAX_TOKENS + " parts");
            }
            requireFew(in.getParsingContext());
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        } while (depth > 0);
    }

    private static void requireFew(JsonStreamContext in) {
        int max = in.inArray() ? MAX_ENTRIES : MAX_KEYS;
        if (in.getEntryCount() > max) {
            String field = in.getParent()
                    .pathAsPointer()
                    .toString()
                    .replaceFirst("^/", "")
                    .replace('/', '.');
            throw Validation.invalid((field.isEmpty() ? "the body" : Truncation.cut(field, MAX_SHOWN_CHARS))
                    + (in.inArray() ? ": has more than " + max + " entries" : ": has more than " + max + " keys"));
        }
    }
}
