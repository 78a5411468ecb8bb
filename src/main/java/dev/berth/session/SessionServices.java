package dev.berth.session;

import dev.berth.artifact.ObjectStore;
import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.Screens;
import dev.berth.config.BodiesConfig;
import dev.berth.config.SessionsConfig;
import dev.berth.extension.Extensions;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.LostSessions;
import dev.berth.history.ObjectIndex;
import dev.berth.history.ReportRepository;
import dev.berth.history.SessionClaims;
import dev.berth.history.SessionQueue;
import dev.berth.history.SessionRepository;
import dev.berth.logs.LogShipper;
import dev.berth.loop.Scheduler;
import dev.berth.metrics.NodeMetrics;
import dev.berth.profile.ProfileStore;
import dev.berth.recording.Recorders;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.RecordingFolders;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The collaborators of sessions: built once, shared by all.
 *
 * @param maxKeptBytes limit for the files that each session may leave, and for its logs
 * @param bodies what is redacted in what requests send and receive
 * @param screens where the browsers of running sessions are found by those who show them
 */
public record SessionServices(
        Scheduler scheduler,
        Node node,
        SessionsConfig config,
        long maxKeptBytes,
        BodiesConfig bodies,
        BrowserLauncher launcher,
        Screens screens,
        ObjectStore store,
        ProfileStore profiles,
        Extensions extensions,
        LogShipper logs,
        Rows rows,
        Videos videos,
        NodeMetrics metrics) {
    /**
     * The node that the sessions are on. Its functions are for any thread.
     *
     * @param confirmed completes when the node may tell that a session of its own lives: at once, unless the node has stood still. Fails
     *     where the node was declared lost meanwhile
     * @param better another node, by its id, that has more room for a new session; empty where this node has the most
     * @param other the best of the other nodes, whatever room this node has
     */
    public record Node(
            String machineId,
            Supplier<Future<Void>> confirmed,
            Supplier<Optional<String>> better,
            Supplier<Optional<String>> other) {}

    /**
     * The repositories that sessions are written to.
     *
     * @param lost those that this node does not hold any more
     * @param queue those that wait for a place
     * @param unfinished what an earlier process left
     */
    public record Rows(
            SessionClaims claims,
            SessionRepository sessions,
            LostSessions lost,
            SessionQueue queue,
            ActionRepository actions,
            ArtifactRepository artifacts,
            ObjectIndex unfinished,
            ReportRepository reports) {}

    /** The recorders of sessions. */
    public record Videos(Recorders recorders, RecordingFolders folders, PointerDrawing drawing) {}
}
