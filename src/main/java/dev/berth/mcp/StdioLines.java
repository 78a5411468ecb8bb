package dev.berth.mcp;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Reads the lines of a client, bounded in length, and in number: the next one is read once another is done with. Blocks. */
final class StdioLines {
    private final BufferedInputStream in;
    private final int maxBytes;
    private final Semaphore places;

    StdioLines(InputStream in, int maxBytes, int maxAtOnce) {
        this.in = new BufferedInputStream(in);
        this.maxBytes = maxBytes;
        this.places = new Semaphore(maxAtOnce);
    }

    /** @param lines hears each line that is not blank; empty for one that is too long */
    void read(Consumer<Optional<Buffer>> lines) throws IOException, InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                tooLong |= line.size() == maxBytes;
                if (!tooLong) {
                    line.write(next);
                }
                continue;
            }
            tell(tooLong ? Optional.empty() : Optional.of(Buffer.buffer(line.toByteArray())), lines);
            line.reset();
            tooLong = false;
        }
        tell(tooLong ? Optional.empty() : Optional.of(Buffer.buffer(line.toByteArray())), lines);
    }

    private void tell(Optional<Buffer> line, Consumer<Optional<Buffer>> lines) throws InterruptedException {
        if (line.isEmpty() || !line.get().toString().isBlank()) {
            places.acquire();
            lines.accept(line);
        }
    }

    /** A line is done with. For any thread. */
    void done() {
        places.release();
    }
}
