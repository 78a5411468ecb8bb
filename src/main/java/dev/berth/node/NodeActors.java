package dev.berth.node;

import dev.berth.agent.AgentVerticle;
import dev.berth.agent.AgentVerticle.AgentServices;
import dev.berth.agent.TaskHistory;
import dev.berth.agent.model.Model;
import dev.berth.agent.model.RemoteModel;
import dev.berth.browser.Screens;
import dev.berth.cluster.CommandForwarding;
import dev.berth.config.ServerConfig;
import dev.berth.database.Notifications;
import dev.berth.history.LostSessions;
import dev.berth.history.task.ReusableSteps;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.recording.FfmpegRecorders;
import dev.berth.session.SessionServices;
import dev.berth.session.SessionSupervisor;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.RecordingFolders;
import dev.berth.story.HistoryVerticle;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** The verticles that run a node's sessions and AI tasks, and answer for them on the bus. */
public record NodeActors(SessionSupervisor supervisor, Screens screens) {

    public static FfmpegRecorders recorders(Node node) {
        FfmpegRecorders recorders = new FfmpegRecorders(
                node.vertx(),
                // A slow encoder is still at work when its session is over: what bounds its time must be there, too.
                VertxScheduler.lasting(node.vertx()),
                node.config().recording(),
                node.config().dataDir().resolve("ffmpeg"),
                System.getenv().getOrDefault("PATH", ""));
        node.parts().add(recorders::close);
        node.metrics().tell("berth.recordings.running", "Recordings in progress.", "", recorders::running);
        return recorders;
    }

    /** In this order, as they end in the opposite one: tasks before the sessions that they drive, answers to other nodes last. */
    public static Future<NodeActors> start(
            Node node,
            NodeStorage storage,
            NodeBrowsers browsers,
            FfmpegRecorders recorders,
            Membership membership,
            Notifications notifications,
            LostSessions lost) {
        Screens screens = new Screens();
        SessionSupervisor supervisor =
                supervisor(node, storage, browsers, recorders, membership, notifications, lost, screens);
        return CommandForwarding.start(
                        node.vertx(),
                        node.machineId(),
                        new VertxScheduler(node.vertx()),
                        storage.owners(),
                        membership::lives,
                        membership::linked)
                .onSuccess(relay -> node.parts().add(relay::close))
                .compose(relayed -> node.deploy(supervisor))
                .onSuccess(deployed -> node.parts().add(() -> end(supervisor)))
                .compose(deployed -> node.deploy(new HistoryVerticle(
                        node.machineId(), storage.sessions(), storage.stories(), storage.logs(), storage.endedLogs())))
                .compose(deployed -> RemoteModel.of(node.config().ai(), node.vertx())
                        .map(model -> deployAgent(node, storage, membership, supervisor, model))
                        .orElseGet(Future::succeededFuture))
                .map(deployed -> new NodeActors(supervisor, screens));
    }

    private static Future<?> end(SessionSupervisor supervisor) {
        long millis = TimeUnit.SECONDS.toMillis(Node.END_SECONDS) + supervisor.savingMillis();
        return supervisor.drain(0).timeout(millis, TimeUnit.MILLISECONDS);
    }

    private static SessionSupervisor supervisor(
            Node node,
            NodeStorage storage,
            NodeBrowsers browsers,
            FfmpegRecorders recorders,
            Membership membership,
            Notifications notifications,
            LostSessions lost,
            Screens screens) {
        ServerConfig config = node.config();
        return new SessionSupervisor(
                new SessionServices(
                        new VertxScheduler(node.vertx()),
                        new SessionServices.Node(
                                node.machineId(),
                                membership::confirmed,
                                () -> membership.better(node.machineId()),
                                membership::other),
                        config.sessions(),
                        config.disk().sessionBytes(),
                        config.bodies(),
                        browsers,
                        screens,
                        storage.store(),
                        storage.profiles(),
                        storage.extensions(),
                        storage.shipper(),
                        new SessionServices.Rows(
                                storage.claims(),
                                storage.sessions(),
                                lost,
                                storage.queue(notifications),
                                storage.actions(),
                                storage.artifacts(),
                                storage.objects(),
                                storage.reports()),
                        new SessionServices.Videos(
                                recorders,
                                new RecordingFolders(node.vertx(), config.dataDir()),
                                new PointerDrawing(node.vertx())),
                        node.metrics()),
                browsers.version().product(),
                browsers.launcher().sandboxed(),
                config.ai().model().map(name -> TaskLimits.costing(config.ai().maxCostUsd())));
    }

    private static Future<Void> deployAgent(
            Node node, NodeStorage storage, Membership membership, SessionSupervisor supervisor, Model model) {
        node.parts().add(model::close);
        return node.deploy(new AgentVerticle(new AgentServices(
                new VertxScheduler(node.vertx()),
                node.machineId(),
                model,
                node.config().ai().maxTasks(),
                TaskHistory.of(
                        storage.tasks(), storage.lostTasks(), new ReusableSteps(storage.database()), node.machineId()),
                storage.store()::get,
                supervisor::isDraining,
                membership::confirmed,
                node.metrics().ai())));
    }
}
