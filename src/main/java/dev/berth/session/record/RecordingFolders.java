package dev.berth.session.record;

import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.SessionId;
import dev.berth.recording.Recorders;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of a node in which recordings are made, and those of flight recorders. Thread-safe. */
public final class RecordingFolders {
    private static final Logger log = LoggerFactory.getLogger(RecordingFolders.class);
    private static final String FOR_OWNER = "rwx------";

    private final FileSystem files;
    private final Path recordings;
    private final Path flights;

    public RecordingFolders(Vertx vertx, Path dataDir) {
        this.files = vertx.fileSystem();
        this.recordings = dataDir.resolve("recordings");
        this.flights = dataDir.resolve("flights");
    }

    Path ofRecording(String objectId) {
        return recordings.resolve(objectId);
    }

    /** The file of a recording, which grows while it runs. */
    public Path video(String objectId) {
        return Recorders.video(ofRecording(objectId));
    }

    FlightFolder ofFlight(SessionId id, Viewport size) {
        return new FlightFolder(files, flights.resolve(FlightFolder.name(id, size)), id, size);
    }

    Future<Void> make(Path folder) {
        return files.mkdirs(folder.toString(), FOR_OWNER);
    }

    Future<Boolean> exists(Path folder) {
        return files.exists(folder.toString());
    }

    /** Does nothing if it does not exist. */
    void delete(Path folder) {
        exists(folder)
                .compose(exists -> exists ? files.deleteRecursive(folder.toString()) : Future.succeededFuture())
                .onFailure(e -> log.warn("{} could not be deleted: {}", folder, e.toString()));
    }

    /** The paths of all recordings. */
    Future<List<Path>> allRecordings() {
        return all(recordings);
    }

    /** The paths of all flight recorders. */
    Future<List<Path>> allFlights() {
        return all(flights);
    }

    private Future<List<Path>> all(Path parent) {
        return make(parent)
                .compose(made -> files.readDir(parent.toString()))
                .map(paths -> paths.stream().map(Path::of).toList());
    }

    Optional<FlightFolder> flight(Path path) {
        return FlightFolder.parse(files, path);
    }
}
