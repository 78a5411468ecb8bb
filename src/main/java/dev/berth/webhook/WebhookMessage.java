package dev.berth.webhook;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.TaskView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The message to a receiver.
 *
 * @param createdAt when the event was recorded
 * @param session as it was when this was sent
 * @param task as it was then, without its instruction and output, which may be large
 * @param links where the rest is read, with an API key; absent where the server does not know its own URL
 */
record WebhookMessage(
        String deliveryId,
        String event,
        Instant createdAt,
        Optional<String> sessionId,
        Optional<SessionSummary> session,

        @JsonIgnoreProperties({"userId", "instruction", "output"})
        Optional<TaskView> task,

        Optional<Map<String, String>> links) {

    /** @param base the URL of this server, without a slash at its end; empty where that is not known */
    static WebhookMessage of(DueDelivery due, Optional<String> base) {
        return new WebhookMessage(
                due.deliveryId(),
                due.event(),
                due.createdAt(),
                due.sessionId(),
                due.session(),
                due.task(),
                base.map(url -> links(due, url)).filter(links -> !links.isEmpty()));
    }

    private static Map<String, String> links(DueDelivery due, String base) {
        Map<String, String> links = new LinkedHashMap<>();
        due.sessionId().ifPresent(id -> {
            String session = base + "/api/sessions/" + id;
            links.put("page", base + "/ui/session/" + id);
            links.put("session", session);
            if (due.event().equals("session.ended")) {
                for (String kept :
                        new String[] {"report", "artifacts", "actions", "console", "network", "har", "export"}) {
                    links.put(kept, session + "/" + kept);
                }
            }
        });
        due.task().ifPresent(task -> links.put("task", base + "/api/agent/" + task.taskId() + "/status"));
        return links;
    }

    byte[] json() {
        try {
            return ProtocolJson.MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message has no JSON form", e);
        }
    }
}
