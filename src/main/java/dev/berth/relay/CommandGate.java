package dev.berth.relay;

import dev.berth.protocol.EndReason;
import dev.berth.relay.command.CdpAnswer;
import dev.berth.relay.command.CdpCommand;
import dev.berth.relay.command.CdpMeaning;
import dev.berth.relay.command.CdpPolicy;
import dev.berth.relay.command.CdpPolicy.Verdict;
import dev.berth.relay.command.CommandScan;
import dev.berth.relay.command.CommandText;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes a client's messages to Chrome. Most pass unread and at any length. Those whose method is judged or logged are parsed,
 * and limited in length.
 */
final class CommandGate {
    /**
     * Limit of a client's message. Chrome's pipe buffer has 100 MiB, including what Berth inserts; after a larger message
     * Chrome stops reading (devtools_pipe_handler.cc).
     */
    static final int MAX_MESSAGE_BYTES = (100 << 20) - 1_024;

    /** Limit of a message that is parsed: it is parsed in one go, while other clients wait for the event loop. */
    static final int MAX_PARSED_BYTES = 1 << 20;

    private final CdpLink link;
    private final CdpPolicy policy;
    private final ActionRecorder actions;
    private final TargetCommands targets;
    private final ClaimedPages pages;
    private final ClientEnd client;
    private final ChromeEnd chrome;
    private final Runnable onRelease;
    /** What to do once Chrome gets the messages that are held. */
    private List<Runnable> onSent = new ArrayList<>();

    private int holds;

    /** @param onRelease called when {@link #isHolding} ends */
    CommandGate(
            CdpLink link,
            CdpPolicy policy,
            ActionRecorder actions,
            TargetCommands targets,
            ClaimedPages pages,
            ClientEnd client,
            ChromeEnd chrome,
            Runnable onRelease) {
        this.link = link;
        this.policy = policy;
        this.actions = actions;
        this.targets = targets;
        this.pages = pages;
        this.client = client;
        this.chrome = chrome;
        this.onRelease = onRelease;
    }

    /** Whether messages to Chrome must not be flushed. */
    boolean isHolding() {
        return holds > 0;
    }

    /** @param text the caller may reuse it afterwards */
    void pass(CommandText text) {
        CommandScan scan = text.scan();
        Optional<String> fault = scan.faultAtEnd();
        if (fault.isPresent()) {
            client.answer(CdpAnswer.malformed(scan, fault.get()));
            return;
        }
        String method = scan.method();
        if (CdpPolicy.judges(method) || CdpMeaning.watches(method)) {
            look(method, text);
        } else {
            pass(method, text);
        }
    }

    private void pass(String method, CommandText text) {
        CommandScan scan = text.scan();
        Optional<String> defect = scan.defect();
        if (defect.isPresent()) {
            client.answer(CdpAnswer.defective(scan, defect.get()));
            return;
        }
        if (ClaimedPages.concern(method) && chrome.owns(scan.session())) {
            pages.pass(method, scan.session()).ifPresent(this::hold);
        }
        if (TargetCommands.concern(method) && chrome.owns(scan.session())) {
            passOn(text, targets.pass(text, isHolding()));
        } else {
            send(text);
        }
    }

    /** Its CDP session may have ended since it was checked. */
    private void send(CommandText text) {
        if (!chrome.send(text)) {
            client.answer(CdpAnswer.withoutSession(text.scan()));
        }
    }

    private void passOn(CommandText text, TargetCommands.Outcome outcome) {
        outcome.until().ifPresent(until -> {
            hold(until);
            onSent.add(outcome.onSent());
        });
        send(outcome.params().map(params -> rewritten(text.scan(), params)).orElse(text));
    }

    private void look(String method, CommandText text) {
        CommandScan scan = text.scan();
        if (!chrome.owns(scan.session())) {
            client.answer(CdpAnswer.withoutSession(scan));
        } else if (scan.number().isEmpty()) {
            client.answer(CdpAnswer.defective(scan, scan.defect().orElseThrow()));
        } else if (text.length() <= MAX_PARSED_BYTES) {
            judge(text);
        } else if (CdpPolicy.judges(method) || !CdpMeaning.mayBeLarge(method)) {
            refuse(CdpCommand.unread(scan), method + " may have at most " + MAX_PARSED_BYTES + " bytes", scan);
        } else {
            actions.sent(CdpCommand.unread(scan));
            pass(method, text);
        }
    }

    private void judge(CommandText text) {
        try {
            CdpCommand command = CdpCommand.parse(text.whole(), text.length());
            Verdict verdict = command.params().get("sessionId") instanceof String other && !chrome.owns(other)
                    ? new Verdict.Refuse("No session with given id")
                    : policy.judge(command);
            carryOut(verdict, command, text);
        } catch (CdpCommand.Malformed e) {
            client.answer(CdpAnswer.malformed(text.scan(), e.getMessage()));
        }
    }

    /** Flushes the earlier messages first: with them a client has prepared the target that it is about to let run. */
    private void hold(Future<?> until) {
        if (holds++ == 0) {
            chrome.flush();
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

    private void carryOut(Verdict verdict, CdpCommand command, CommandText text) {
        CommandScan scan = text.scan();
        if (verdict instanceof Verdict.Forward) {
            actions.sent(command);
            pass(command.method(), text);
        } else if (verdict instanceof Verdict.Rewrite rewrite) {
            send(rewritten(scan, rewrite.params()));
        } else if (verdict instanceof Verdict.Refuse refuse) {
            refuse(command, refuse.why(), scan);
        } else if (verdict instanceof Verdict.Answer) {
            client.answer(CdpAnswer.emptyResult(scan));
        } else if (verdict instanceof Verdict.EndSession) {
            client.answer(CdpAnswer.emptyResult(scan));
            link.end(EndReason.CLIENT);
        }
    }

    private void refuse(CdpCommand command, String why, CommandScan scan) {
        actions.refused(command, why);
        client.answer(CdpAnswer.refused(scan, why));
    }

    private static CommandText rewritten(CommandScan scan, JsonObject params) {
        String session = scan.session().isEmpty() ? "" : ",\"sessionId\":\"" + scan.session() + '"';
        String message = "{\"id\":" + scan.id() + ",\"method\":\"" + scan.method() + "\",\"params\":" + params.encode()
                + session + '}';
        return CommandText.of(message.getBytes(StandardCharsets.UTF_8));
    }
}
