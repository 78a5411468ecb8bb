package dev.berth.agent;

import dev.berth.agent.machine.ShownPage;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the page for a task's model: the whole page, or its changes since the model was shown it before. Used on one context. */
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
                changed || whole ? "The page:\n" + data.marked(now) : "The page has not changed.",
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

    /**
     * The site and path of a page, in a form that is the same in each run of a task: an order's page has the order's number in its path.
     */
    static final class PagePlace {
        /** Limit for page URLs, which a page chooses: characters. */
        private static final int MAX_CHARS = 2_000;

        private static final Pattern DIGIT = Pattern.compile("\\d");

        private PagePlace() {}

        /**
         * The URL's scheme, host, port and path, and its fragment if that is a path too; segments with digits are wildcards. Empty where
         * one could not come back to it.
         */
        static String of(String url) {
            if (url.length() > MAX_CHARS) {
                return "";
            }
            try {
                // The names of variables stand in braces, which no URL has.
                URI uri = new URI(url.replaceAll("[{}]", "_"));
                String route = Optional.ofNullable(uri.getRawFragment())
                        .filter(fragment -> fragment.startsWith("/") || fragment.startsWith("!"))
                        .map(fragment -> "#" + fragment.split("\\?", 2)[0])
                        .orElse("");
                String path = Optional.ofNullable(uri.getRawPath()).orElse("") + route;
                return uri.getScheme() + "://" + uri.getRawAuthority()
                        + Stream.of(path.split("/", -1))
                                .map(PagePlace::unnumbered)
                                .collect(Collectors.joining("/"));
            } catch (URISyntaxException e) {
                // A data: URL, for example, has no host.
                return "";
            }
        }

        private static String unnumbered(String segment) {
            return DIGIT.matcher(segment).find() ? "*" : segment;
        }
    }
}
