package dev.berth.http;

import dev.berth.access.KeyRepository;
import dev.berth.artifact.ArtifactStore;
import dev.berth.cdpclient.CdpRelays.Chromes;
import dev.berth.config.ServerConfig;
import dev.berth.database.Database;
import dev.berth.database.Notifications;
import dev.berth.extension.Extensions;
import dev.berth.history.ActionRepository;
import dev.berth.history.AllSessions;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.LifecycleRepository;
import dev.berth.history.ReportRepository;
import dev.berth.history.RunRepository;
import dev.berth.history.SessionListing;
import dev.berth.history.SessionRepository;
import dev.berth.history.StoryRepository;
import dev.berth.history.task.TaskListing;
import dev.berth.history.task.TaskRepository;
import dev.berth.history.task.TaskStory;
import dev.berth.http.admin.AdminRoutes.ClusterTable;
import dev.berth.http.forward.Neighbours;
import dev.berth.http.pages.DevTools;
import dev.berth.http.request.Answers;
import dev.berth.http.routes.WebhookRoutes.WebhookDoor;
import dev.berth.live.SessionScreens;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.SessionId;
import dev.berth.retention.Retention;
import dev.berth.webdriver.WebDriverSessions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The collaborators of the API: built once, shared by its verticles.
 *
 * @param tokenSecret signs the tokens in links; the same on all nodes
 * @param webhookDoor the node's deliveries to webhooks
 * @param webdriver the sessions of clients of WebDriver on this node
 * @param devTools the front end of this node's Chrome
 */
public record HttpServices(
        String machineId,
        ServerConfig config,
        byte[] tokenSecret,
        KeyRepository keys,
        Notifications notifications,
        Repositories repositories,
        ArtifactStore store,
        LogReader logs,
        EndedLogs endedLogs,
        ThisNode node,
        InCluster cluster,
        WebhookDoor webhookDoor,
        McpRequests mcp,
        WebDriverSessions webdriver,
        DevTools devTools,
        Extensions extensions,
        Retention retention) {

    /** The repositories of sessions and of AI tasks. */
    public record Repositories(
            Database database,
            SessionRepository sessions,
            SessionListing listing,
            AllSessions all,
            ActionRepository actions,
            ArtifactRepository artifacts,
            StoryRepository stories,
            LifecycleRepository lifecycle,
            ReportRepository reports,
            RunRepository runs,
            TaskRepository tasks,
            TaskListing taskListing,
            TaskStory taskStory) {}

    /**
     * The parts that run on this node.
     *
     * @param chromes for CDP clients
     * @param screens of its sessions, for viewers
     * @param recordings gives the file of a recording that is running, by the id of its artifact
     * @param checks what new sessions need of it, by name: each fails while its part is not available
     * @param protections what holds its Chromes, by name: {@code on}, or {@code off: } and why
     */
    public record ThisNode(
            Chromes chromes,
            SessionScreens screens,
            Function<String, Path> recordings,
            Map<String, Supplier<Future<?>>> checks,
            Map<String, String> protections,
            NodeMetrics metrics) {}

    /**
     * The parts that only a node of a cluster has.
     *
     * @param neighbours the other nodes
     * @param table what an operator sees of it
     */
    public record InCluster(Optional<Neighbours> neighbours, Optional<ClusterTable> table) {}

    /** Makes links that a person can open who has no key. */
    public interface SessionLinker {
        /** @param whole whether the link is to all that is kept of the session, read only; otherwise to its live view, to act there */
        Future<String> link(SessionId id, boolean whole);
    }

    /** Answers clients of the Model Context Protocol, after their keys and the sizes of their messages were checked. */
    public interface McpRequests {
        /**
         * Answers a request; where it is refused, with an error of JSON-RPC.
         *
         * @param keyId of the API key, a key of this user
         * @param links to the user's sessions, as this client reaches the server
         * @param over completes when the client has the answer, or has left
         */
        void handle(
                HttpServerRequest request, long userId, long keyId, SessionLinker links, Buffer body, Future<?> over);

        /** Counts a large answer against the budget of all answers, until its client has it: see {@link Answers#counted}. */
        static Future<Void> counted(long userId, long chars, Supplier<Future<Void>> sending) {
            return Answers.counted(userId, chars, sending);
        }
    }
}
