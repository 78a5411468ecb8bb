package dev.berth.browser.watch.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The latest documents of one page, by their loader ids: which it committed, their HTTP status, and why others did not come. Pure. */
final class PageDocuments {
    /** A page that has gone through more documents than this since a command began has surely committed the command's. */
    private static final int REMEMBERED_LOADERS = 32;

    /** Chrome's error for a navigation that was given up, for another one or for none. */
    private static final String ABORTED = "net::ERR_ABORTED";

    private String awaited = "";
    private String started = "";
    /** Whether the page itself has asked for the navigation that starts next. */
    private boolean asked;

    /** The latest navigation that a client or Berth began. */
    private String sentTo = "";

    private final Deque<String> committed = new ArrayDeque<>();
    private final Map<String, Integer> statuses = new LinkedHashMap<>();
    /** Why a document did not come. Chrome's error page, which is committed then, has that document's loader id. */
    private final Map<String, String> failures = new LinkedHashMap<>();

    /** Why a document that was committed did not come to its end. */
    private final Map<String, String> cuts = new LinkedHashMap<>();

    private final Set<String> reached = new HashSet<>();

    /** The page navigates to this document now, and gives up the one before. Chrome tells this several times. */
    void start(String loaderId) {
        if (!loaderId.equals(awaited)) {
            abort();
        }
        awaited = loaderId;
        if (!loaderId.equals(started)) {
            sentTo = asked ? sentTo : loaderId;
            started = loaderId;
        }
        asked = false;
    }

    /** A script, link or form of the page asks for another document. */
    void askedFor() {
        asked = true;
    }

    /** Whether the document has come, and a client has sent the page to another one since. */
    boolean wasOvertaken(String loaderId) {
        String current = committed.peekLast();
        return hasCommitted(loaderId) && !loaderId.equals(current) && sentTo.equals(current);
    }

    void abort() {
        fail(awaited, ABORTED);
    }

    /** The awaited document does not come, or the current one is cut off: that one can't be given up any more, as it is there. */
    void fail(String loaderId, String errorText) {
        if (!loaderId.isEmpty() && loaderId.equals(awaited)) {
            awaited = "";
            remember(failures, loaderId, errorText);
        } else if (loaderId.equals(committed.peekLast()) && !errorText.equals(ABORTED)) {
            remember(cuts, loaderId, errorText);
        }
    }

    /** @param restored whether it comes from the back/forward cache, and so is loaded already */
    void commit(String loaderId, boolean restored) {
        awaited = "";
        committed.addLast(loaderId);
        if (committed.size() > REMEMBERED_LOADERS) {
            committed.removeFirst();
        }
        reached.clear();
        if (restored) {
            reached.addAll(List.of("DOMContentLoaded", "load", "networkIdle"));
        }
    }

    boolean hasCommitted(String loaderId) {
        return committed.contains(loaderId);
    }

    /** Counts for the current document only. */
    void reach(String loaderId, String lifecycleName) {
        if (loaderId.equals(committed.peekLast())) {
            reached.add(lifecycleName);
        }
    }

    boolean hasReached(String lifecycleName) {
        return reached.contains(lifecycleName);
    }

    void respond(String loaderId, int status) {
        remember(statuses, loaderId, status);
    }

    /** Whether the awaited document has an HTTP response. */
    boolean hasResponse() {
        return statuses.containsKey(awaited);
    }

    Optional<Integer> status() {
        return Optional.ofNullable(committed.peekLast()).map(statuses::get);
    }

    Optional<String> failure(String loaderId) {
        return Optional.ofNullable(failures.get(loaderId));
    }

    Optional<String> cutOff(String loaderId) {
        return Optional.ofNullable(cuts.get(loaderId));
    }

    private static <T> void remember(Map<String, T> byLoader, String loaderId, T value) {
        byLoader.put(loaderId, value);
        if (byLoader.size() > REMEMBERED_LOADERS) {
            byLoader.remove(byLoader.keySet().iterator().next());
        }
    }
}
