package dev.berth.cdpclient;

import dev.berth.browser.cdp.Party;
import dev.berth.cdpclient.command.CdpAnswer;
import dev.berth.cdpclient.command.CdpCommand;
import dev.berth.cdpclient.command.CdpMeaning;
import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CdpPolicy;
import dev.berth.cdpclient.command.CdpPolicy.Verdict;
import dev.berth.cdpclient.command.CommandText;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes a client's messages to Chrome. Most pass unread and at any length. Messages whose method is judged or logged are parsed,
 * and limited in length.
 */
final class CommandGate {
    /**
     * Limit of a client's message. Chrome's pipe buffer has 100 MiB, including what Berth inserts; after a larger message
     * Chrome stops reading (devtools_pipe_handler.cc).
     */
    static final int MAX_MESSAGE_BYTES = (100 << 20) - 1_024;

    private final CdpLink link;
    private final CdpPolicy policy;
    private final ActionRecorder actions;
    private final TargetCommands targets;
    private final Optional<MapperTab> mapper;
    private final ClientEnd client;
    private final Party party;
    private final Runnable onRelease;
    /** The work to do once Chrome gets the messages that are held. */
    private List<Runnable> onSent = new ArrayList<>();

    private int holds;

    /**
     * @param mapper where the client is a chromedriver that makes one
     * @param onRelease called when {@link #isHolding} ends
     */
    CommandGate(
            CdpLink link,
            CdpPolicy policy,
            ActionRecorder actions,
            TargetCommands targets,
            Optional<MapperTab> mapper,
            ClientEnd client,
            Party party,
            Runnable onRelease) {
        this.link = link;
        this.policy = policy;
        this.actions = actions;
        this.targets = targets;
        this.mapper = mapper;
        this.client = client;
        this.party = party;
        this.onRelease = onRelease;
    }

    /** Whether messages to Chrome must not be flushed. */
    boolean isHolding() {
        return holds > 0;
    }

    /** @param text of the message; the caller may reuse it afterwards */
    void pass(CdpMessage message, CommandText text) {
        String method = message.method();
        if (message.fault().isPresent()) {
            client.answer(CdpAnswer.malformed(message, message.fault().get()));
        } else if (CdpPolicy.judges(method) || CdpMeaning.watches(method)) {
            look(message, text);
        } else {
            passUnjudged(message, text);
        }
    }

    private void passUnjudged(CdpMessage message, CommandText text) {
        Optional<String> defect = message.defect();
        if (defect.isPresent()) {
            client.answer(CdpAnswer.defective(message, defect.get()));
            return;
        }
        if (TargetCommands.concern(message.method()) && party.owns(message.session())) {
            passOn(message, text, targets.pass(message, text, isHolding()));
        } else {
            send(message, text);
        }
    }

    /** Sends the message, or tells the client that its CDP session has ended since the check. */
    private void send(CdpMessage message, CommandText text) {
        if (!send(party, message, text)) {
            client.answer(CdpAnswer.withoutSession(message));
        }
    }

    /** Gives whether the CDP session is the party's own. Chrome gets no other command. */
    static boolean send(Party party, CdpMessage message, CommandText text) {
        return text.isSmall()
                ? party.add(text.array(), text.length(), message.address())
                : party.add(text.take(), message.address());
    }

    private void passOn(CdpMessage message, CommandText text, TargetCommands.Handling outcome) {
        outcome.until().ifPresent(until -> {
            hold(until);
            onSent.add(outcome.onSent());
        });
        outcome.params().ifPresentOrElse(params -> sendWith(params, message), () -> send(message, text));
    }

    private void look(CdpMessage message, CommandText text) {
        String method = message.method();
        if (!party.owns(message.session())) {
            client.answer(CdpAnswer.withoutSession(message));
        } else if (message.number().isEmpty()) {
            client.answer(CdpAnswer.defective(message, message.defect().orElseThrow()));
        } else if (!message.isLarge()) {
            judge(message, text);
        } else if (CdpPolicy.judges(method) || !CdpMeaning.mayBeLarge(method)) {
            refuse(message.command(), message, method + " may have at most " + CdpMessage.MAX_READ_BYTES + " bytes");
        } else {
            sent(message.command());
            passUnjudged(message, text);
        }
    }

    private void sent(CdpCommand command) {
        actions.uses(command).ifPresent(this::hold);
        actions.sent(command);
    }

    private void judge(CdpMessage message, CommandText text) {
        if (message.faultOfParams().isPresent()) {
            client.answer(CdpAnswer.malformed(message, message.faultOfParams().get()));
            return;
        }
        CdpCommand command = message.command();
        Optional<Future<JsonObject>> taken = mapper.flatMap(tab -> tab.takes(command));
        if (taken.isPresent()) {
            answer(message, taken.get());
            return;
        }
        Verdict verdict = command.params().get("sessionId") instanceof String other && !party.owns(other)
                ? new Verdict.Refuse("No session with given id")
                : policy.judge(command);
        carryOut(verdict, command, message, text);
    }

    /** The commands behind it rely on what it does. */
    private void answer(CdpMessage message, Future<JsonObject> outcome) {
        hold(outcome);
        outcome.onSuccess(result -> client.answer(CdpAnswer.result(message, result)))
                .onFailure(e -> client.answer(CdpAnswer.refused(message, e.getMessage())));
    }

    /** Flushes the earlier messages first: with them a client has prepared the target that it is about to let run. */
    private void hold(Future<?> until) {
        if (holds++ == 0) {
            party.flush();
        }
        until.onComplete(done -> {
            if (--holds == 0) {
                release();
            }
        });
    }

    private void release() {
        List<Runnable> sent = onSent;
        onSent = new ArrayList<>();
        onRelease.run();
        sent.forEach(Runnable::run);
    }

    /** Chrome gets no more messages. */
    void discard() {
        onSent.clear();
    }

    private void carryOut(Verdict verdict, CdpCommand command, CdpMessage message, CommandText text) {
        if (verdict instanceof Verdict.Forward) {
            sent(command);
            passUnjudged(message, text);
        } else if (verdict instanceof Verdict.Rewrite rewrite) {
            sent(command);
            sendWith(rewrite.params(), message);
        } else if (verdict instanceof Verdict.Refuse refuse) {
            refuse(command, message, refuse.why());
        } else if (verdict instanceof Verdict.Answer) {
            client.answer(CdpAnswer.emptyResult(message));
        } else if (verdict instanceof Verdict.EndSession) {
            client.answer(CdpAnswer.emptyResult(message));
            link.end(EndReason.CLIENT);
        }
    }

    private void refuse(CdpCommand command, CdpMessage message, String why) {
        actions.refused(command, why);
        client.answer(CdpAnswer.refused(message, why));
    }

    private void sendWith(JsonObject params, CdpMessage message) {
        String session = message.session().isEmpty() ? "" : ",\"sessionId\":\"" + message.session() + '"';
        String written = "{\"id\":" + message.number().orElseThrow() + ",\"method\":\"" + message.method()
                + "\",\"params\":" + params.encode() + session + '}';
        CommandText text = CommandText.of(written.getBytes(StandardCharsets.UTF_8));
        send(CdpMessage.read(text), text);
    }
}
