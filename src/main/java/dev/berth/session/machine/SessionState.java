package dev.berth.session.machine;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything about a session that changes. A value.
 *
 * @param life its status
 * @param activity what was done in it so far
 * @param use who uses it
 * @param recording the recording that is running
 * @param profile what became of its profile, as far as that is known
 * @param changed what its client changed since its creation
 * @param closing the current step of its end; empty while it lives
 */
public record SessionState(
        Life life,
        Activity activity,
        SessionUse use,
        Optional<RecordingInProgress> recording,
        Optional<ProfileOutcome> profile,
        Optional<Changed> changed,
        Optional<ClosingStep> closing) {
    public static final SessionState NEW = new SessionState(
            new Life(SessionStatus.CREATING, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            new Activity("", "", 0, 0, 0, List.of(), Cost.NONE, List.of()),
            SessionUse.NEW,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The values that a client changed after the create; they replace those of the request for the session. */
    public record Changed(SessionLabels labels, SessionTimeouts timeouts, Instant expiresAt) {}

    /** The session is over and everything it left is safe. Nothing changes it any more. */
    public boolean over() {
        return isTaking(ClosingStep.OVER);
    }

    /** Why the session refuses a command that needs its browser; empty where it takes such commands. */
    Optional<BerthException> refusal() {
        if (life.ending()) {
            return life.endReason().map(EndReason::refusal);
        }
        return life.status() == SessionStatus.RUNNING
                ? Optional.empty()
                : Optional.of(new BerthException(
                        ErrorCode.SESSION_NOT_RUNNING, "the session is still being created; try again in a moment"));
    }

    boolean isTaking(ClosingStep step) {
        return closing.filter(step::equals).isPresent();
    }

    /**
     * The status of a session.
     *
     * @param endReason set as soon as it begins to end, before {@code status} changes
     */
    public record Life(
            SessionStatus status,
            Optional<Instant> startedAt,
            Optional<EndReason> endReason,
            Optional<String> endDetail,
            Optional<Instant> endedAt) {

        /** The session is over, or will be once it is cleaned up. */
        public boolean ending() {
            return endReason.isPresent();
        }

        Life started(Instant at) {
            return new Life(SessionStatus.RUNNING, Optional.of(at), endReason, endDetail, endedAt);
        }

        public Life ending(EndReason reason, Optional<String> detail) {
            return new Life(status, startedAt, Optional.of(reason), detail, endedAt);
        }

        Life ended(Instant at) {
            SessionStatus terminal = endReason.orElseThrow().terminalStatus(status);
            return new Life(terminal, startedAt, endReason, endDetail, Optional.of(at));
        }
    }

    /**
     * The activity in a session.
     *
     * @param navigations the latest {@value SessionDescription#MAX_NAVIGATIONS} navigations
     * @param spent what it cost to decide on the actions
     * @param drivers the sources of the actions, in the order of their first actions
     */
    public record Activity(
            String currentUrl,
            String title,
            long actionCount,
            long screenshotCount,
            long navigationCount,
            List<PageNavigation> navigations,
            Cost spent,
            List<ActionSource> drivers) {

        public Activity {
            navigations = List.copyOf(navigations);
            drivers = List.copyOf(drivers);
        }

        Activity at(String url, String newTitle) {
            return new Activity(
                    url, newTitle, actionCount, screenshotCount, navigationCount, navigations, spent, drivers);
        }

        Activity acted(boolean screenshot, Cost cost, ActionSource source) {
            List<ActionSource> drove = Stream.concat(drivers.stream(), Stream.of(source))
                    .distinct()
                    .toList();
            return new Activity(
                    currentUrl,
                    title,
                    actionCount + 1,
                    screenshotCount + (screenshot ? 1 : 0),
                    navigationCount,
                    navigations,
                    spent.plus(cost),
                    drove);
        }

        Activity navigated(String pageId, NavigationEntry navigation) {
            int from = navigations.size() < SessionDescription.MAX_NAVIGATIONS ? 0 : 1;
            List<PageNavigation> more = new ArrayList<>(navigations.subList(from, navigations.size()));
            more.add(new PageNavigation(navigationCount, pageId, navigation));
            return new Activity(
                    currentUrl, title, actionCount, screenshotCount, navigationCount + 1, more, spent, drivers);
        }

        /** The title of a document becomes known after its navigation. */
        Activity titled(String pageId, String url, String newTitle) {
            List<PageNavigation> retitled = new ArrayList<>(navigations);
            for (int i = retitled.size() - 1; i >= 0; i--) {
                PageNavigation navigation = retitled.get(i);
                if (navigation.pageId().equals(pageId)) {
                    // The title may be that of an error page, or of a later place within the document.
                    if (navigation.entry().url().equals(url)) {
                        retitled.set(i, navigation.with(navigation.entry().titled(newTitle)));
                    }
                    break;
                }
            }
            return listing(retitled);
        }

        /** The document of a navigation has loaded, after it. */
        Activity loaded(String documentId, boolean whole, Instant at) {
            return listing(navigations.stream()
                    .map(navigation -> navigation.entry().documentId().equals(Optional.of(documentId))
                            ? navigation.with(navigation.entry().loaded(whole, at))
                            : navigation)
                    .toList());
        }

        private Activity listing(List<PageNavigation> changed) {
            return new Activity(
                    currentUrl, title, actionCount, screenshotCount, navigationCount, changed, spent, drivers);
        }
    }

    /**
     * A navigation of a page.
     *
     * @param seq its number in the session, 0 for the first
     */
    public record PageNavigation(long seq, String pageId, NavigationEntry entry) {
        PageNavigation with(NavigationEntry newEntry) {
            return new PageNavigation(seq, pageId, newEntry);
        }
    }

    SessionState with(Life newLife) {
        return new SessionState(newLife, activity, use, recording, profile, changed, closing);
    }

    SessionState with(Activity newActivity) {
        return new SessionState(life, newActivity, use, recording, profile, changed, closing);
    }

    SessionState with(SessionUse newUse) {
        return new SessionState(life, activity, newUse, recording, profile, changed, closing);
    }

    SessionState with(CdpClients clients) {
        return with(use.with(clients));
    }

    SessionState recording(Optional<RecordingInProgress> current) {
        return new SessionState(life, activity, use, current, profile, changed, closing);
    }

    SessionState with(ProfileOutcome outcome) {
        return new SessionState(life, activity, use, recording, Optional.of(outcome), changed, closing);
    }

    SessionState with(Changed update) {
        return new SessionState(life, activity, use, recording, profile, Optional.of(update), closing);
    }

    SessionState taking(ClosingStep step) {
        return new SessionState(life, activity, use, recording, profile, changed, Optional.of(step));
    }
}
