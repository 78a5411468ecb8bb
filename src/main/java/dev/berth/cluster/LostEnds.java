package dev.berth.cluster;

import dev.berth.history.SessionQueue;
import dev.berth.history.node.LostNodes;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskEvent.TaskChanged;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the ends of the sessions and tasks that a process left open when it died: the history has them already. */
public final class LostEnds {
    private static final Logger log = LoggerFactory.getLogger(LostEnds.class);

    private LostEnds() {}

    /** @param bus on which sessions tell their events */
    public static void tell(Vertx bus, LostNodes.Losses ended) {
        ended.sessions().forEach(session -> tell(bus, session));
        ended.tasks().forEach(task -> tell(bus, task));
    }

    /** The session that was made for a task may run on another node: it waited there for a place. */
    private static void tell(Vertx bus, TaskView task) {
        Publishing.publish(bus, Addresses.taskEvents(task.taskId()), new TaskChanged(task));
        Publishing.publish(bus, Addresses.taskEvents(task.sessionId()), new TaskChanged(task));
        if (task.taskId().session().equals(task.sessionId())) {
            new SessionClient(bus)
                    .ask(task.sessionId(), new EndSession(EndReason.TASK_FAILED))
                    .onFailure(e -> log.debug("{} was not ended: {}", task.sessionId(), e.getMessage()));
        }
    }

    private static void tell(Vertx bus, SessionQueue.Ended session) {
        DeliveryOptions toOwner = new DeliveryOptions();
        Envelope.EMPTY.with(session.userId()).writeTo(toOwner);
        Publishing.publish(bus, Addresses.events(session.id()), session.event());
        Publishing.publish(bus, Addresses.SESSIONS, session.event(), toOwner);
    }
}
