package dev.berth.session.machine;

import dev.berth.protocol.EndReason;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import dev.berth.protocol.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that changes in a session's life. A value.
 *
 * @param life where it stands
 * @param activity what was done in it
 * @param use who uses it
 * @param closing the step of its end that is being taken; empty while it lives
 */
public record SessionState(Life life, Activity activity, SessionUse use, Optional<ClosingStep> closing) {
    public static final SessionState NEW = new SessionState(
            new Life(
                    SessionStatus.CREATING,
                    false,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
            new Activity("", "", 0, 0, 0, List.of()),
            SessionUse.NEW,
            Optional.empty());

    /** It is over, and all that it left is safe: nothing moves it any more. */
    public boolean over() {
        return isTaking(ClosingStep.OVER);
    }

    boolean isTaking(ClosingStep step) {
        return closing.filter(step::equals).isPresent();
    }

    /**
     * Where a session stands.
     *
     * @param placed it has a place on the node
     * @param queuePosition how many places it must wait for; 0 for none
     * @param endReason set as soon as it begins to end, while {@code status} is still what it was
     */
    public record Life(
            SessionStatus status,
            boolean placed,
            int queuePosition,
            Optional<Instant> startedAt,
            Optional<EndReason> endReason,
            Optional<String> endDetail,
            Optional<Instant> endedAt) {

        /** It is over, or it will be as soon as all is cleaned up. */
        public boolean ending() {
            return endReason.isPresent();
        }

        Life queued(int position) {
            return new Life(status, placed, position, startedAt, endReason, endDetail, endedAt);
        }

        Life withPlace() {
            return new Life(status, true, 0, startedAt, endReason, endDetail, endedAt);
        }

        Life started(Instant at) {
            return new Life(SessionStatus.RUNNING, true, 0, Optional.of(at), endReason, endDetail, endedAt);
        }

        public Life ending(EndReason reason, Optional<String> detail) {
            return new Life(status, placed, 0, startedAt, Optional.of(reason), detail, endedAt);
        }

        Life ended(Instant at) {
            SessionStatus terminal = endReason.orElseThrow().terminalStatus(status);
            return new Life(terminal, placed, 0, startedAt, endReason, endDetail, Optional.of(at));
        }
    }

    /**
     * What was done in a session.
     *
     * @param visits the latest {@value SessionSnapshot#MAX_NAVIGATIONS} navigations
     */
    public record Activity(
            String currentUrl,
            String title,
            long actionCount,
            long screenshotCount,
            long navigationCount,
            List<Visit> visits) {

        public Activity {
            visits = List.copyOf(visits);
        }

        Activity at(String url, String newTitle) {
            return new Activity(url, newTitle, actionCount, screenshotCount, navigationCount, visits);
        }

        Activity acted(boolean screenshot) {
            return new Activity(
                    currentUrl,
                    title,
                    actionCount + 1,
                    screenshotCount + (screenshot ? 1 : 0),
                    navigationCount,
                    visits);
        }

        Activity navigated(String pageId, NavigationEntry navigation) {
            int from = visits.size() < SessionSnapshot.MAX_NAVIGATIONS ? 0 : 1;
            List<Visit> more = new ArrayList<>(visits.subList(from, visits.size()));
            more.add(new Visit(navigationCount, pageId, navigation));
            return new Activity(currentUrl, title, actionCount, screenshotCount, navigationCount + 1, more);
        }

        /** The title of a document is known after its navigation. */
        Activity titled(String pageId, String url, String newTitle) {
            List<Visit> retitled = new ArrayList<>(visits);
            for (int i = retitled.size() - 1; i >= 0; i--) {
                Visit visit = retitled.get(i);
                if (visit.pageId().equals(pageId)) {
                    // An error page, or a move within the document, has a title that is not this visit's.
                    if (visit.navigation().url().equals(url)) {
                        retitled.set(i, visit.titled(newTitle));
                    }
                    break;
                }
            }
            return new Activity(currentUrl, title, actionCount, screenshotCount, navigationCount, retitled);
        }
    }

    /**
     * One navigation.
     *
     * @param seq its number in the session, 0 for the first
     */
    public record Visit(long seq, String pageId, NavigationEntry navigation) {
        Visit titled(String title) {
            return new Visit(seq, pageId, new NavigationEntry(navigation.url(), title, navigation.timestamp()));
        }
    }

    SessionState with(Life newLife) {
        return new SessionState(newLife, activity, use, closing);
    }

    SessionState with(Activity newActivity) {
        return new SessionState(life, newActivity, use, closing);
    }

    SessionState with(SessionUse newUse) {
        return new SessionState(life, activity, newUse, closing);
    }

    SessionState with(CdpClients clients) {
        return with(use.with(clients));
    }

    SessionState taking(ClosingStep step) {
        return new SessionState(life, activity, use, Optional.of(step));
    }
}
