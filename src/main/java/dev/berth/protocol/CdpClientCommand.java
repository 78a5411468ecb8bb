package dev.berth.protocol;

import java.util.List;
import java.util.Set;

/**
 * Commands of the relay to a session, for a CDP client.
 *
 * @param <R> its reply
 */
public sealed interface CdpClientCommand<R extends SessionReply> extends SessionCommand<R> {

    /**
     * Opens CDP for a client. The reply names the session's Chrome among those of its node. The client counts as a client of the session until
     * {@link DetachCdpClient}: its socket is on the session's own node, and ends with it. Fails with {@link ErrorCode#SESSION_NOT_RUNNING} and
     * {@link ErrorCode#SESSION_ENDED} as actions do.
     *
     * @param clientId chosen by the caller; a new one for each connection
     */
    record OpenCdp(String clientId) implements CdpClientCommand<SessionReply.CdpEndpoint> {
        public OpenCdp {
            Require.id("clientId", clientId);
        }
    }

    /** Frames have passed between a CDP client and Chrome, which restarts the session's idle timeout. Sent at most once a second. */
    record TouchSession() implements CdpClientCommand<SessionReply.Acknowledged> {}

    /**
     * The JavaScript dialogs of these pages, and of no others, belong to the CDP client from now on: it has
     * {@value #DIALOG_PATIENCE_MILLIS} ms to answer each.
     */
    record ClaimDialogs(String clientId, Set<String> pageIds) implements CdpClientCommand<SessionReply.Acknowledged> {
        private static final int MAX_PAGES = 2_000;

        public ClaimDialogs {
            Require.id("clientId", clientId);
            pageIds = Require.ids("pageIds", pageIds, MAX_PAGES);
        }
    }

    /**
     * How long a dialog is left to the CDP clients that claim it. After that it is answered as {@link BrowserAction.AnswerDialogs}
     * says.
     */
    long DIALOG_PATIENCE_MILLIS = 30_000;

    /** A CDP client has left. */
    record DetachCdpClient(String clientId) implements CdpClientCommand<SessionReply.Acknowledged> {
        public DetachCdpClient {
            Require.id("clientId", clientId);
        }
    }

    /** Records what a CDP client did by other means than mouse and keys, in order. Replied to once that is in the action log. */
    record RecordCdpActions(List<ActionEntry> actions) implements CdpClientCommand<SessionReply.Acknowledged> {
        private static final int MAX_ACTIONS = 1_000;

        public RecordCdpActions {
            actions = Require.elements("actions", actions, 0, MAX_ACTIONS);
        }
    }
}
