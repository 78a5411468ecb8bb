package dev.berth.http;

import dev.berth.artifact.ArtifactStore;
import dev.berth.cdpclient.ChromeEnds;
import dev.berth.config.ServerConfig;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.Database;
import dev.berth.history.DeliveryRepository;
import dev.berth.history.KeyRepository;
import dev.berth.history.LifecycleRepository;
import dev.berth.history.Revocations;
import dev.berth.history.SessionListing;
import dev.berth.history.SessionRepository;
import dev.berth.history.ShareLinkRepository;
import dev.berth.history.StoryRepository;
import dev.berth.history.TaskListing;
import dev.berth.history.TaskRepository;
import dev.berth.history.TaskStory;
import dev.berth.history.WebhookRepository;
import dev.berth.http.forward.Neighbours;
import dev.berth.http.routes.ClusterTable;
import dev.berth.http.routes.WebhookDoor;
import dev.berth.live.SessionScreens;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The collaborators of the API: built once, shared by its verticles.
 *
 * @param chromes opens connections to this node's Chromes for CDP clients
 * @param screens of the sessions of this node, for viewers
 * @param checks what new sessions need of this node, by name: each fails while its part is not available
 * @param webhookDoor the node's deliveries to webhooks
 * @param neighbours the other nodes, in a cluster
 * @param cluster what an operator sees of it, in a cluster
 * @param tokenSecret signs the tokens in links; the same on all nodes
 */
public record HttpServices(
        String machineId,
        ServerConfig config,
        byte[] tokenSecret,
        Database database,
        ArtifactStore store,
        Map<String, Supplier<Future<?>>> checks,
        KeyRepository keys,
        Revocations keyRevocations,
        Revocations linkRevocations,
        ShareLinkRepository shareLinks,
        ChromeEnds chromes,
        SessionScreens screens,
        SessionRepository sessions,
        SessionListing listing,
        ActionRepository actions,
        ArtifactRepository artifacts,
        EndedLogs endedLogs,
        LogReader logs,
        StoryRepository stories,
        LifecycleRepository lifecycle,
        TaskRepository tasks,
        TaskListing taskListing,
        TaskStory taskStory,
        WebhookRepository webhooks,
        DeliveryRepository deliveries,
        WebhookDoor webhookDoor,
        McpRequests mcp,
        Optional<Neighbours> neighbours,
        Optional<ClusterTable> cluster,
        NodeMetrics metrics) {}
