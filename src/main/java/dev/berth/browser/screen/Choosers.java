package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.ScreenState.Chooser;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.LiveCommand.ChooseFiles;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages that wait for files. Choosers are intercepted while somebody could answer them, in the eyes' own sessions: CDP clients that
 * intercept them in theirs hear of each chooser too, and may answer it as well.
 */
final class Choosers {
    private static final Logger log = LoggerFactory.getLogger(Choosers.class);
    private static final int MAX_ACCEPT_CHARS = 1_000;

    private final CdpConnection connection;
    private final Pages pages;
    private final BrowserFiles files;
    private final Runnable onChange;
    /** The latest chooser of each page, by the page's id. */
    private final Map<String, Open> open = new LinkedHashMap<>();
    /** The sessions in which choosers are intercepted. */
    private final Set<String> intercepted = new HashSet<>();

    private boolean attended;
    private int lastId;

    /** @param node the input's number in Chrome */
    private record Open(Chooser chooser, int node, String documentId) {}

    Choosers(CdpConnection connection, Pages pages, BrowserFiles files, Runnable onChange) {
        this.connection = connection;
        this.pages = pages;
        this.files = files;
        this.onChange = onChange;
    }

    void attend(boolean people) {
        attended = people;
        if (!people) {
            open.clear();
        }
        pagesChanged();
    }

    void pagesChanged() {
        Set<String> wanted = new HashSet<>();
        if (attended) {
            pages.open().forEach(page -> wanted.add(page.sessionId()));
        }
        wanted.stream().filter(intercepted::add).forEach(session -> intercept(session, true));
        Set.copyOf(intercepted).stream()
                .filter(session -> !wanted.contains(session))
                .forEach(session -> {
                    intercepted.remove(session);
                    intercept(session, false);
                });
    }

    private void intercept(String sessionId, boolean enabled) {
        connection
                .send(sessionId, "Page.setInterceptFileChooserDialog", new JsonObject().put("enabled", enabled))
                .onFailure(e -> log.debug("a page that may be gone: {}", e.getMessage()));
    }

    /**
     * Takes the event of a chooser. For a field within an iframe of another process, the event comes from a session that is no page's, and
     * is left alone.
     */
    void opened(CdpEvent event) {
        Integer node = event.params().getInteger("backendNodeId");
        pages.open().stream()
                .filter(page -> page.sessionId().equals(event.sessionId()) && node != null && attended)
                .findFirst()
                .ifPresent(page -> accept(page, node)
                        .onSuccess(accept -> add(
                                page,
                                node,
                                "selectMultiple".equals(event.params().getString("mode")),
                                accept)));
    }

    /** The types that a field wants. */
    private Future<String> accept(PageTarget page, int node) {
        return connection
                .send(page.sessionId(), "DOM.describeNode", new JsonObject().put("backendNodeId", node))
                .map(told -> told.getJsonObject("node").getJsonArray("attributes", new JsonArray()))
                .map(attributes -> {
                    int at = attributes.getList().indexOf("accept");
                    return at % 2 == 0 ? Truncation.cut(attributes.getString(at + 1), MAX_ACCEPT_CHARS) : "";
                })
                .otherwise("");
    }

    private void add(PageTarget page, int node, boolean multiple, String accept) {
        Chooser chooser = new Chooser(page.targetId(), "chooser-" + ++lastId, multiple, accept);
        open.put(page.targetId(), new Open(chooser, node, page.documentId()));
        onChange.run();
    }

    /** The open ones, without those whose document is not shown any more. */
    List<Chooser> open() {
        open.entrySet()
                .removeIf(entry -> pages.byTarget(entry.getKey())
                        .filter(page ->
                                page.documentId().equals(entry.getValue().documentId()))
                        .isEmpty());
        return open.values().stream().map(Open::chooser).toList();
    }

    Future<Void> choose(PageTarget page, ChooseFiles command, List<Buffer> contents) {
        Optional<Open> chosen = Optional.ofNullable(open.get(page.targetId()))
                .filter(waiting -> waiting.chooser().chooserId().equals(command.chooserId()));
        if (chosen.isEmpty()) {
            return Future.failedFuture(Failures.failed("the page is no longer waiting for files"));
        } else if (contents.size() > 1 && !chosen.get().chooser().multiple()) {
            return Future.failedFuture(Failures.failed("the page takes one file only", "give one file"));
        }
        open.remove(page.targetId());
        onChange.run();
        return contents.isEmpty()
                ? Future.succeededFuture()
                : give(page, chosen.get().node(), command, contents);
    }

    private Future<Void> give(PageTarget page, int node, ChooseFiles command, List<Buffer> contents) {
        List<String> names = command.files().stream().map(UploadedFile::name).toList();
        return files.write(names, contents)
                .compose(paths -> connection
                        .send(
                                page.sessionId(),
                                "DOM.setFileInputFiles",
                                new JsonObject()
                                        .put("files", new JsonArray(paths))
                                        .put("backendNodeId", node))
                        .<Void>mapEmpty()
                        .recover(e -> files.remove(paths).transform(removed -> Failures.told(e))));
    }
}
