package dev.berth.recording;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * An ffmpeg process. Its files are opened for it, as its user can open none. When the server dies, its input closes, and it
 * finishes the video by itself.
 */
final class EncoderProcess implements Encoder {
    private static final int TOLD_CHARS = 1_024;
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final WorkerExecutor workers;
    private final Process process;
    private final Path output;
    private final Promise<Integer> exit;

    private EncoderProcess(Context context, WorkerExecutor workers, Process process, Path output) {
        this.workers = workers;
        this.process = process;
        this.output = output;
        this.exit = LoopPromise.on(context);
        process.onExit().thenAccept(ended -> exit.complete(ended.exitValue()));
    }

    /**
     * Starts a process. Blocks for the fork.
     *
     * @param context on which the futures complete
     * @param work of which the output is replaced
     */
    static EncoderProcess start(Context context, WorkerExecutor workers, Encoders.Work work, List<String> command)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.ffmpeg().folder().toFile());
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        // The server's environment holds secrets.
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("AV_LOG_FORCE_NOCOLOR", "1");
        // A single heap for all threads takes less memory.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        if (work.ffmpeg().librariesHere()) {
            builder.environment().put("LD_LIBRARY_PATH", ".");
        }
        Files.deleteIfExists(work.output());
        Files.createFile(work.output(), FOR_OWNER);
        builder.redirectInput(work.input())
                .redirectOutput(work.output().toFile())
                .redirectError(work.complaints());
        return new EncoderProcess(context, workers, builder.start(), work.output());
    }

    @Override
    public Future<Long> write(Buffer head, Buffer content) {
        return workers.executeBlocking(
                () -> {
                    OutputStream input = process.getOutputStream();
                    input.write(head.getBytes());
                    input.write(content.getBytes());
                    input.flush();
                    return Files.size(output);
                },
                false);
    }

    @Override
    public Future<Void> closeInput() {
        return workers.executeBlocking(
                () -> {
                    process.getOutputStream().close();
                    return null;
                },
                false);
    }

    @Override
    public Future<Integer> exit() {
        return exit.future();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    /** The end of what it said, on one line; empty where it said nothing. Blocks. */
    static String told(Path complaints) throws IOException {
        String all = Files.readString(complaints, StandardCharsets.ISO_8859_1).strip();
        return all.substring(Math.max(0, all.length() - TOLD_CHARS)).replaceAll("\\s*\\R\\s*", "; ");
    }
}
