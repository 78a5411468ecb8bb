package dev.berth.recording;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * An ffmpeg process. Its files are opened for it, as its user can open none. When the server dies, its input closes, and it
 * finishes the video by itself.
 */
final class EncoderProcess implements Encoder {
    private static final int MAX_COMPLAINT_BYTES = 1 << 16;
    private static final int TOLD_BYTES = 1_024;
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final WorkerExecutor workers;
    private final Process process;
    private final Path output;
    private final Path complaints;
    private final Promise<Integer> exit;

    private EncoderProcess(Context context, WorkerExecutor workers, Process process, Path output, Path complaints) {
        this.workers = workers;
        this.process = process;
        this.output = output;
        this.complaints = complaints;
        this.exit = ((ContextInternal) context).promise();
        process.onExit().thenAccept(ended -> exit.complete(ended.exitValue()));
    }

    /**
     * Starts a process. Blocks for the fork.
     *
     * @param context on which the futures complete
     * @param output the file to write, which is replaced
     * @param complaints the file for what it says about failures
     */
    static EncoderProcess start(
            Context context,
            WorkerExecutor workers,
            Ffmpeg ffmpeg,
            List<String> command,
            ProcessBuilder.Redirect input,
            Path output,
            Path complaints)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(ffmpeg.folder().toFile());
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        // The server's environment holds secrets.
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("AV_LOG_FORCE_NOCOLOR", "1");
        // One heap for all threads takes less memory.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        if (ffmpeg.librariesHere()) {
            builder.environment().put("LD_LIBRARY_PATH", ".");
        }
        for (Path file : List.of(output, complaints)) {
            Files.deleteIfExists(file);
            Files.createFile(file, FOR_OWNER);
        }
        builder.redirectInput(input).redirectOutput(output.toFile());
        // Appended, so that the file can be emptied meanwhile.
        builder.redirectError(ProcessBuilder.Redirect.appendTo(complaints.toFile()));
        return new EncoderProcess(context, workers, builder.start(), output, complaints);
    }

    @Override
    public Future<Long> write(Buffer head, Buffer content) {
        return workers.executeBlocking(
                () -> {
                    OutputStream input = process.getOutputStream();
                    input.write(head.getBytes());
                    input.write(content.getBytes());
                    input.flush();
                    boundComplaints();
                    return Files.size(output);
                },
                false);
    }

    /** Pictures that can't be decoded are complained about one by one. */
    private void boundComplaints() throws IOException {
        if (Files.size(complaints) > MAX_COMPLAINT_BYTES) {
            FileChannel.open(complaints, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        }
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
        try (RandomAccessFile file = new RandomAccessFile(complaints.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(TOLD_BYTES, file.length())];
            file.seek(file.length() - end.length);
            file.readFully(end);
            return new String(end, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", "; ");
        }
    }
}
