package dev.berth.http.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.ReportRepository;
import dev.berth.history.ReportRepository.Steps;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.http.routes.SessionView;
import dev.berth.logs.LogPage;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.ShownJson.Link;
import dev.berth.report.MarkdownReport;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of a session's export. For any event loop. */
public final class ExportContents {
    private static final int ACTIONS = 500;
    /** An entry may have some 80 KiB, and is copied several times on its way; a node sends several exports at once. */
    private static final int ENTRIES = 25;

    private final ReadableLogs logs;
    private final ActionRepository actions;
    private final ArtifactRepository artifacts;
    private final ArtifactStore store;
    private final ReportReader reports;
    private final ReportRepository steps;

    public ExportContents(
            ReadableLogs logs,
            ActionRepository actions,
            ArtifactRepository artifacts,
            ArtifactStore store,
            ReportReader reports,
            ReportRepository steps) {
        this.steps = steps;
        this.logs = logs;
        this.actions = actions;
        this.artifacts = artifacts;
        this.store = store;
        this.reports = reports;
    }

    /** @param workers write the HAR */
    Future<List<ExportFile>> of(RoutingContext ctx, SessionDescription session, WorkerExecutor workers) {
        return artifacts.list(session.sessionId()).map(kept -> {
            List<ExportFile> files = new ArrayList<>();
            files.add(session(session));
            files.add(report(ctx, session));
            files.add(actions(session));
            files.add(steps(session));
            files.add(log(ctx, "console.ndjson", LogKind.CONSOLE));
            files.add(log(ctx, "network.ndjson", LogKind.NETWORK));
            files.add(har(ctx, session, workers));
            files.addAll(new ArtifactFiles(store::get).of(kept));
            return files;
        });
    }

    private static ExportFile session(SessionDescription session) {
        return ExportFile.whole(
                "session.json",
                () -> Future.succeededFuture(() -> Buffer.buffer(ProtocolJson.MAPPER
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsBytes(SessionView.bare(session)))));
    }

    private ExportFile report(RoutingContext ctx, SessionDescription session) {
        return ExportFile.whole(
                "report.md",
                () -> reports.read(ctx, session)
                        .map(report -> () -> Buffer.buffer(MarkdownReport.of(report, ExportContents::inZip))));
    }

    /** The link to an artifact's file within the ZIP, which does not expire. */
    private static Optional<Link> inZip(ArtifactEntry artifact) {
        String name = URLEncoder.encode(ExportFile.nameOf(artifact), StandardCharsets.UTF_8);
        return Optional.of(artifact)
                .filter(ArtifactEntry::readable)
                .map(file -> new Link(name.replace("%2F", "/").replace("+", "%20"), Instant.MAX));
    }

    private ExportFile actions(SessionDescription session) {
        return ExportFile.paged(
                "actions.ndjson",
                ACTIONS,
                (offset, limit) -> actions.page(session.sessionId(), offset, limit),
                page -> page.actions().size(),
                ActionSlice::total,
                page -> lines(page.actions()));
    }

    private ExportFile steps(SessionDescription session) {
        return ExportFile.paged(
                "steps.ndjson",
                ACTIONS,
                (offset, limit) -> steps.steps(session.sessionId(), offset, limit),
                page -> page.steps().size(),
                Steps::total,
                page -> lines(page.steps()));
    }

    private static Buffer lines(List<?> entries) {
        Buffer lines = Buffer.buffer();
        for (Object entry : entries) {
            lines.appendBytes(json(entry)).appendByte((byte) '\n');
        }
        return lines;
    }

    private static byte[] json(Object value) {
        try {
            return ProtocolJson.MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry has no JSON form", e);
        }
    }

    private ExportFile log(RoutingContext ctx, String name, LogKind kind) {
        return ExportFile.paged(
                name,
                ENTRIES,
                (offset, limit) -> logs.page(ctx, kind, offset, limit),
                LogPage::count,
                LogPage::total,
                ExportContents::lines);
    }

    private static Buffer lines(LogPage page) {
        Buffer lines = Buffer.buffer(Math.toIntExact(page.bytes()));
        page.forEach((offset, entries, index) -> {
            entries.writeTo(lines, index, index + 1);
            lines.appendByte((byte) '\n');
        });
        return lines;
    }

    /** The HAR, with the bodies of responses where the session keeps them. */
    private ExportFile har(RoutingContext ctx, SessionDescription session, WorkerExecutor workers) {
        HarPieces pieces = HarPieces.of(ctx, session.options().bodies(), logs, workers);
        return new ExportFile("session.har", true, () -> pieces.next().map(piece -> piece.map(text -> () -> text)));
    }
}
