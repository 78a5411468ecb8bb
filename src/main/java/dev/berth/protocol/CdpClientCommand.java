package dev.berth.protocol;

import java.util.List;
import java.util.Set;

/**
 * What the relay tells a session, or asks it, for a CDP client.
 *
 * @param <R> its reply
 */
public sealed interface CdpClientCommand<R extends SessionReply> extends SessionCommand<R> {

    /**
     * A CDP client comes: replied to with where Chrome listens. Until it leaves, or is not heard of for
     * {@value #CDP_CLIENT_LEASE_MILLIS} ms, it counts as a client of the session. Fails with
     * {@link ErrorCode#SESSION_NOT_RUNNING} and {@link ErrorCode#SESSION_ENDED} as actions do.
     *
     * @param clientId chosen by the caller, a new one for each connection
     */
    record OpenCdp(String clientId) implements CdpClientCommand<SessionReply.CdpEndpoint> {
        public OpenCdp {
            Require.id("clientId", clientId);
        }
    }

    /** After how many milliseconds without a word a CDP client counts as gone: its node may have died. */
    long CDP_CLIENT_LEASE_MILLIS = 30_000;

    /**
     * A CDP client is still there.
     *
     * @param used whether frames passed since the last time
     */
    record TouchCdpClient(String clientId, boolean used) implements CdpClientCommand<SessionReply.Acknowledged> {
        public TouchCdpClient {
            Require.id("clientId", clientId);
        }
    }

    /**
     * New targets that Chrome attaches to a CDP client wait until it lets them run, a few seconds at the most.
     *
     * @param targetTypes of these targets, as Chrome names them; empty where none wait for it any more
     */
    record HoldTargets(String clientId, Set<String> targetTypes)
            implements CdpClientCommand<SessionReply.Acknowledged> {
        private static final int MAX_TYPES = 100;

        public HoldTargets {
            Require.id("clientId", clientId);
            targetTypes = Require.ids("targetTypes", targetTypes, MAX_TYPES);
        }
    }

    /** Replied to when every target that there is in the browser is watched. */
    record WatchTargets() implements CdpClientCommand<SessionReply.Acknowledged> {}

    /**
     * A target waits no longer for a CDP client.
     *
     * @param started whether the client has let it run; else it has detached from it, and the session lets it run
     */
    record ReleaseTarget(String clientId, String targetId, boolean started)
            implements CdpClientCommand<SessionReply.Acknowledged> {
        public ReleaseTarget {
            Require.id("clientId", clientId);
            Require.id("targetId", targetId);
        }
    }

    /**
     * JavaScript dialogs of these pages, and of no others, are a CDP client's own from now on: it has {@value #DIALOG_PATIENCE_MILLIS}
     * ms to answer one.
     */
    record ClaimDialogs(String clientId, Set<String> pageIds) implements CdpClientCommand<SessionReply.Acknowledged> {
        private static final int MAX_PAGES = 2_000;

        public ClaimDialogs {
            Require.id("clientId", clientId);
            pageIds = Require.ids("pageIds", pageIds, MAX_PAGES);
        }
    }

    /** How long a dialog is left to the CDP clients whose it is; then it is answered as {@link PageAction.AnswerDialogs} says. */
    long DIALOG_PATIENCE_MILLIS = 30_000;

    /** A CDP client has left. */
    record DetachCdpClient(String clientId) implements CdpClientCommand<SessionReply.Acknowledged> {
        public DetachCdpClient {
            Require.id("clientId", clientId);
        }
    }

    /** What a CDP client did, in order: replied to once it is in the action log. */
    record RecordCdpActions(List<ActionEntry> actions) implements CdpClientCommand<SessionReply.Acknowledged> {
        private static final int MAX_ACTIONS = 1_000;

        public RecordCdpActions {
            actions = Require.elements("actions", actions, 0, MAX_ACTIONS);
        }
    }
}
