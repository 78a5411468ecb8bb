package dev.berth.http.routes;

import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.Validation;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.FileCommand.BeginFile;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of a file a request brings.
 *
 * @param offset of the first one
 * @param length empty where the request does not declare it
 * @param total size of the file; empty where it is not known
 */
record GivenPart(long offset, Optional<Long> length, Optional<Long> total) {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,16})-(\\d{1,16})/(\\d{1,16})");

    /** By the request's {@code Content-Range}; the whole file where it has none. */
    static GivenPart of(HttpServerRequest request) {
        long bytes = BodyReceiver.declaredBytes(request);
        Optional<Long> declared = Optional.of(bytes).filter(known -> known >= 0);
        String range = request.getHeader("Content-Range");
        return range == null ? new GivenPart(0, declared, declared) : of(range, declared);
    }

    private static GivenPart of(String header, Optional<Long> declared) {
        Matcher range = RANGE.matcher(header);
        if (!range.matches()) {
            throw Validation.invalid("Content-Range must be as in 'bytes 0-1023/4096', not '"
                    + header.substring(0, Math.min(100, header.length())) + "'");
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long total = Long.parseLong(range.group(3));
        if (first > last || last >= total || total > FileCommand.MAX_BYTES) {
            throw Validation.invalid("Content-Range: " + first + "-" + last + " is no range of " + total + " bytes");
        }
        long length = last - first + 1;
        if (declared.filter(bytes -> bytes != length).isPresent()) {
            throw Validation.invalid(
                    "Content-Range has " + length + " bytes, and Content-Length says " + declared.get());
        }
        return new GivenPart(first, Optional.of(length), Optional.of(total));
    }

    BeginFile begin(String name) {
        return new BeginFile(name, offset, total);
    }
}
