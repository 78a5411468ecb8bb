package dev.berth.agent;

import dev.berth.agent.machine.ShownPage;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a task's model is shown of the page: whole, or what changed since it was shown before. Used on one context. */
final class PageReader {
    private static final long LOOK_MILLIS = 15_000;
    private static final int LOOK_TOKENS = 8_000;
    /** The whole snapshot where only what changed was asked for, and nothing has. */
    private static final String UNCHANGED = "- nothing changed";
    /** Lines that were added or removed: a snapshot that tells them may be the same as the one before, and yet tell something new. */
    private static final Pattern CHANGES = Pattern.compile("^(\\+|--|-  )", Pattern.MULTILINE);

    private final SessionClient client;
    private final SessionId session;
    private final PageData data;
    private String shown = "";

    PageReader(SessionClient client, SessionId session, PageData data) {
        this.client = client;
        this.session = session;
        this.data = data;
    }

    /** The page: where it can't be read, that is said. Fails where the session is over. */
    Future<ShownPage> look(boolean whole) {
        TakeSnapshot snapshot = new TakeSnapshot(
                Optional.empty(), Optional.empty(), false, Optional.of(LOOK_TOKENS), !whole, false, LOOK_MILLIS);
        return client.ask(session, snapshot)
                .map(taken -> seen(taken, whole))
                .recover(e -> TaskSession.isOver(e) ? Future.failedFuture(e) : Future.succeededFuture(unreadable(e)));
    }

    private ShownPage seen(SnapshotResult taken, boolean whole) {
        String head = taken.url() + "\n" + taken.title() + "\n";
        String now = head + taken.snapshot();
        boolean differs = CHANGES.matcher(taken.snapshot()).find() || !now.equals(shown);
        boolean changed = differs && !taken.snapshot().equals(UNCHANGED) || !shown.startsWith(head);
        shown = now;
        return new ShownPage(
                changed || whole ? "The page:\n" + data.marked(now) : "The page is as before.",
                changed,
                List.of(),
                place(taken.url()));
    }

    private ShownPage unreadable(Throwable e) {
        shown = "";
        return new ShownPage(
                "The page could not be read: " + data.marked(String.valueOf(e.getMessage())), true, List.of());
    }

    /** @param url of the page */
    String place(String url) {
        return PagePlace.of(data.plain(url));
    }
}
