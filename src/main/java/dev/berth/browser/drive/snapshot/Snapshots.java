package dev.berth.browser.drive.snapshot;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.element.Refs;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.PageAction.TakeSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes snapshots, and finds what their refs stand for. Lives on the browser's context. */
public final class Snapshots implements Refs {
    private static final Pattern REF = Pattern.compile("\\s*(?:ref=)?((?:f\\d{1,6})?e\\d{1,9})\\s*");
    /** Limit for pages whose refs are kept: more than a browser may open by itself, since CDP clients may open more. */
    private static final int MAX_PAGES = 200;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final Pages pages;
    /** The refs of each page's document, by target id; the page that was described longest ago comes first. */
    private final Map<String, DocumentRefs> documents = new LinkedHashMap<>();

    public Snapshots(Vertx vertx, CdpConnection connection, Pages pages) {
        this.vertx = vertx;
        this.connection = connection;
        this.pages = pages;
    }

    @Override
    public Optional<NodeRef> find(PageTarget page, String selector) {
        Matcher ref = REF.matcher(selector);
        return ref.matches() ? Optional.of(known(page, ref.group(1))) : Optional.empty();
    }

    private synchronized NodeRef known(PageTarget page, String ref) {
        return Optional.ofNullable(documents.get(page.targetId()))
                .filter(document -> document.isOf(page.documentId()))
                .flatMap(document -> document.node(ref))
                .orElseThrow(() -> Failures.failed(
                        "'" + ref + "' is not in any snapshot of this document; take a new snapshot",
                        "refs are valid until the page goes to another document"));
    }

    private synchronized DocumentRefs refs(PageTarget page) {
        DocumentRefs known = documents.remove(page.targetId());
        DocumentRefs refs =
                known != null && known.isOf(page.documentId()) ? known : new DocumentRefs(page.documentId());
        documents.put(page.targetId(), refs);
        if (documents.size() > MAX_PAGES) {
            documents.remove(documents.keySet().iterator().next());
        }
        return refs;
    }

    /** @param only the node to describe; empty for the page */
    public Future<SnapshotResult> take(
            PageTarget page, TakeSnapshot command, Optional<NodeRef> only, Deadline deadline) {
        DocumentRefs refs = refs(page);
        String url = page.url();
        String title = page.title();
        return WholeAnswer.MEMORY.lend(share -> new TargetReader(vertx, connection, pages, deadline, share)
                .read(page.sessionId(), page.targetId(), 0)
                .recover(deadline::told)
                // Large pages have trees of megabytes.
                .compose(read -> vertx.executeBlocking(() -> describe(read, command, only, refs, url), false))
                .map(done -> new SnapshotResult(url, title, done.text(), done.tree())));
    }

    private record Described(String text, Optional<String> tree) {}

    private static Described describe(
            TargetReader.Read read, TakeSnapshot command, Optional<NodeRef> only, DocumentRefs refs, String url) {
        Shown root = new Outline(refs).of(target(read), only);
        List<String> all = new SnapshotText(url, command.depth(), command.interactiveOnly()).lines(root);
        Optional<String> tree = command.tree() ? Optional.of(root.toJson().encode()) : Optional.empty();
        long size = SnapshotText.chars(all) + tree.map(String::length).orElse(0);
        if (size > Failures.MAX_RESULT_BYTES) {
            throw Failures.tooLarge("the snapshot", size);
        }
        Optional<List<String>> changes = changes(command, refs, all);
        return new Described(String.join("\n", SnapshotText.cut(changes.orElse(all), command.maxTokens())), tree);
    }

    /** The changes since the last snapshot, if the command asks for them, they are known, and they are shorter than the whole. */
    private static Optional<List<String>> changes(TakeSnapshot command, DocumentRefs refs, List<String> all) {
        List<Object> options = List.of(command.selector(), command.depth(), command.interactiveOnly());
        return refs.replace(options, all)
                .filter(before -> command.diff())
                .map(before -> SnapshotDiff.of(before, all))
                .filter(lines -> SnapshotText.chars(lines) < SnapshotText.chars(all));
    }

    private static Outline.Target target(TargetReader.Read read) {
        return new Outline.Target(
                read.targetId(),
                read.owner(),
                read.parts(),
                Layout.of(read.layout()),
                read.frames().stream().map(Snapshots::target).toList());
    }
}
