package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.SessionLinks.SocketUrls;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as its user sees it: with the URLs at which it is reached while it lives.
 *
 * @param options as they may be given at create
 */
public record SessionView(
        @JsonUnwrapped @JsonIgnoreProperties("options") SessionDescription session,
        Object options,
        Optional<String> queueReason,
        Optional<String> connectUrl,
        Optional<String> liveUrl) {

    /** The view without the URLs, for clients that may only read the session. */
    public static SessionView bare(SessionDescription session) {
        return of(session, false, Optional.empty());
    }

    private static SessionView of(SessionDescription session, boolean acts, Optional<SocketUrls> urls) {
        return new SessionView(
                session,
                OptionsReader.given(session.options()),
                session.queuePosition().map(SessionView::queueReason),
                urls.filter(given -> acts).map(SocketUrls::connectUrl),
                urls.map(SocketUrls::liveUrl));
    }

    /** A session in a list. */
    record ListedSession(
            @JsonUnwrapped SessionSummary session,
            Optional<Integer> queuePosition,
            Optional<String> queueReason,
            Optional<String> connectUrl,
            Optional<String> liveUrl) {}

    /** Why a session waits, in words. */
    private static String queueReason(int position) {
        return position == 1
                ? "All places for sessions are taken. This session gets the next one that becomes free."
                : "All places for sessions are taken. This session gets one when " + position + " have become free.";
    }

    /**
     * A client that gets the URLs: its key, and the URL at which it called this server.
     *
     * @param acts whether the key may do more than read: else it gets no {@code connectUrl}, and its {@code liveUrl} only watches
     */
    record Reader(SessionLinks links, String base, long keyId, boolean acts) {
        SessionView view(SessionDescription session) {
            return of(session, acts, urls(session.endReason(), session.sessionId(), session.expiresAt()));
        }

        /** @param queuePosition where it waits for a place, and that is known */
        ListedSession view(SessionSummary session, Optional<Integer> queuePosition) {
            Optional<SocketUrls> urls = urls(session.endReason(), session.sessionId(), session.expiresAt());
            return new ListedSession(
                    session,
                    queuePosition,
                    queuePosition.map(SessionView::queueReason),
                    urls.filter(given -> acts).map(SocketUrls::connectUrl),
                    urls.map(SocketUrls::liveUrl));
        }

        private Optional<SocketUrls> urls(Optional<EndReason> end, SessionId id, Instant expiresAt) {
            return end.isPresent() ? Optional.empty() : Optional.of(links.urls(base, keyId, id, expiresAt));
        }
    }
}
