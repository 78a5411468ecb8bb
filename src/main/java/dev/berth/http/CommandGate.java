package dev.berth.http;

import dev.berth.http.CdpPolicy.Verdict;
import dev.berth.protocol.EndReason;

/**
 * What one client's messages pass on their way to Chrome: most as they are, after a look for the few methods that are judged or
 * logged.
 */
final class CommandGate {
    /**
     * Of a client's message. Chrome's buffer for its pipe is 100 MiB, with what is put in; after more it reads no further
     * (devtools_pipe_handler.cc).
     */
    static final int MAX_MESSAGE_BYTES = (100 << 20) - 1_024;

    private static final String LET_RUN = "Runtime.runIfWaitingForDebugger";
    private static final CdpScan SCAN =
            new CdpScan(method -> method.equals(LET_RUN) || CdpPolicy.judges(method) || CdpMeaning.watches(method));

    private final CdpLink link;
    private final CdpPolicy policy;
    private final ActionRecorder actions;
    private final ClientEnd client;
    private final ChromeEnd chrome;
    private final Runnable onRelease;
    private boolean holding;

    /** @param onRelease called when {@link #isHolding} is over */
    CommandGate(
            CdpLink link,
            CdpPolicy policy,
            ActionRecorder actions,
            ClientEnd client,
            ChromeEnd chrome,
            Runnable onRelease) {
        this.link = link;
        this.policy = policy;
        this.actions = actions;
        this.client = client;
        this.chrome = chrome;
        this.onRelease = onRelease;
    }

    /** Whether nothing is to be flushed to Chrome. */
    boolean isHolding() {
        return holding;
    }

    /** @param text the caller's again afterwards */
    void pass(byte[] text, int length) {
        if (CdpCommand.isMisleading(text, length)) {
            client.answer(CdpPolicy.malformed("JSON has no NUL and no comments"));
        } else if (SCAN.matters(text, length)) {
            judge(text, length);
        } else {
            chrome.send(text, length);
        }
    }

    private void judge(byte[] text, int length) {
        try {
            CdpCommand command = CdpCommand.parse(text, length);
            if (command.method().equals(LET_RUN)) {
                hold();
            }
            carryOut(policy.judge(command, text, length), command, text, length);
        } catch (CdpCommand.Malformed e) {
            client.answer(CdpPolicy.malformed(e.getMessage()));
        }
    }

    /** A new page starts as soon as any of Chrome's clients lets it: not before the session watches it. */
    private void hold() {
        if (!holding) {
            holding = true;
            link.watching().onComplete(watched -> {
                holding = false;
                onRelease.run();
            });
        }
    }

    private void carryOut(Verdict verdict, CdpCommand command, byte[] text, int length) {
        if (verdict instanceof Verdict.Forward) {
            actions.sent(command);
            chrome.send(text, length);
        } else if (verdict instanceof Verdict.Rewrite rewrite) {
            rewritten(rewrite.message(), command);
        } else if (verdict instanceof Verdict.Refuse refuse) {
            actions.refused(command, refuse.why());
            client.answer(CdpPolicy.error(command, refuse.why()));
        } else if (verdict instanceof Verdict.Answer) {
            client.answer(CdpPolicy.emptyResult(command));
        } else if (verdict instanceof Verdict.EndSession) {
            client.answer(CdpPolicy.emptyResult(command));
            link.end(EndReason.CLIENT);
        }
    }

    private void rewritten(byte[] message, CdpCommand command) {
        if (message.length > MAX_MESSAGE_BYTES) {
            client.answer(CdpPolicy.error(command, "the message is too long"));
        } else {
            chrome.send(message, message.length);
        }
    }
}
