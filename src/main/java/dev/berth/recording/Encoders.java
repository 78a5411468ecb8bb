package dev.berth.recording;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Starts the ffmpeg processes of this node, each confined, and kills what is left of them at the end. Any thread may call. */
final class Encoders {
    private static final long SLACK_BYTES = 64 << 20;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final boolean setpriv;
    private final OptionalInt firstUid;
    private final Set<EncoderProcess> living = ConcurrentHashMap.newKeySet();

    /**
     * @param searchPath of commands
     * @param firstUid of the user ids of encoders, if the server is root
     */
    Encoders(Vertx vertx, WorkerExecutor workers, String searchPath, int firstUid) {
        this.vertx = vertx;
        this.workers = workers;
        this.setpriv = Stream.of(searchPath.split(":"))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "setpriv")));
        this.firstUid = "root".equals(System.getProperty("user.name")) ? OptionalInt.of(firstUid) : OptionalInt.empty();
    }

    /**
     * An encoder process to start.
     *
     * @param slot the number of its place; processes at the same time have different ones
     * @param input what it reads
     * @param output the file that it writes
     * @param complaints where its messages about failures go: one for each picture that can't be decoded
     * @param maxBytes of that file, about; where it grows further, the process is killed
     */
    record Work(
            Ffmpeg ffmpeg,
            int slot,
            List<String> arguments,
            ProcessBuilder.Redirect input,
            Path output,
            ProcessBuilder.Redirect complaints,
            long maxBytes) {}

    /** Starts a process whose futures complete on the caller's context. */
    Future<EncoderProcess> start(Work work) {
        Context context = vertx.getOrCreateContext();
        return workers.executeBlocking(() -> start(context, work), false);
    }

    private EncoderProcess start(Context context, Work work) throws IOException {
        OptionalInt uid =
                firstUid.isPresent() ? OptionalInt.of(firstUid.getAsInt() + work.slot()) : OptionalInt.empty();
        if (uid.isPresent() && !setpriv) {
            throw new IOException("the server runs as root and its encoders must not: install setpriv (util-linux)");
        }
        List<String> command =
                new ArrayList<>(EncoderCommand.confined(work.ffmpeg(), setpriv, uid, work.maxBytes() + SLACK_BYTES));
        command.addAll(work.arguments());
        EncoderProcess process = EncoderProcess.start(context, workers, work, command);
        living.add(process);
        process.exit().onComplete(code -> living.remove(process));
        return process;
    }

    /** Kills all of them. */
    Future<Void> close() {
        List<EncoderProcess> left = List.copyOf(living);
        left.forEach(EncoderProcess::kill);
        return Future.join(left.stream().map(EncoderProcess::exit).toList()).mapEmpty();
    }
}
