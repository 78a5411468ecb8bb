package dev.berth.recording;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;

/** The video encoders of this node, limited in number. Any thread may call. */
public interface Recorders {
    /** The extension of a video's file name. */
    String EXTENSION = "webm";

    /** The file of the video in its folder. */
    static Path video(Path folder) {
        return folder.resolve("video." + EXTENSION);
    }

    /** Completes if this node can record. Otherwise fails with {@code unavailable} and a reason for users. */
    Future<Void> check();

    /**
     * Starts an encoder. Fails with {@code limit_reached} if too many are running, and with {@code unavailable} if this node
     * can't record.
     *
     * @param folder an existing, empty folder for the video, with a name that no other recording has
     * @param width of the video, in pixels; a larger video than the encoders' limit is scaled down
     * @param height of the video, in pixels
     * @return a recorder that lives on the caller's context
     */
    Future<Recorder> start(Path folder, int width, int height);

    /**
     * Makes a playable video of what an encoder of an earlier process left in a folder. An encoder finishes its video when its server
     * dies; if it did not come to its end, the video has what was written by now. The folder remains. Fails if something readable is
     * left but could not be copied, because the disk is full, for example: a later try may succeed.
     *
     * @return empty if nothing readable is left
     */
    Future<Optional<Video>> repair(Path folder);

    /** Kills what is still running. */
    Future<Void> close();
}
