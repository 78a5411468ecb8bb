package dev.berth.mcp;

import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.SessionId;
import dev.berth.verbs.Arguments;
import dev.berth.verbs.Tool;
import dev.berth.verbs.ToolRunner;
import dev.berth.verbs.ToolRunner.Ran;
import dev.berth.verbs.ToolSchema;
import dev.berth.verbs.ToolText;
import dev.berth.verbs.Tools;
import dev.berth.verbs.Verbs;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The verbs as tools. An act's result tells what changed on the page, so that a model need not ask for it. */
final class BrowserTools {
    static final int MAX_CHARS = 40_000;
    private static final int MAX_CHANGE_TOKENS = 2_000;
    private static final long LOOK_MILLIS = 5_000;
    private static final int MAX_FIELDS = 50;
    /** Changes nothing that a snapshot shows. */
    private static final Set<String> QUIET = Set.of("dialogs");

    private final ToolRunner runner = new ToolRunner(artifact -> Optional.empty(), MAX_CHARS);
    private final Pictures pictures;
    private final GivenFiles files;

    BrowserTools(Pictures pictures, GivenFiles files) {
        this.pictures = pictures;
        this.files = files;
    }

    Stream<Offer> offers() {
        return Stream.concat(Tools.all().stream().map(this::offer), Stream.of(fillForm()));
    }

    private Offer offer(Tool tool) {
        return new Offer(
                tool.name(),
                tool.description(),
                tool.inputSchema(),
                tool.readOnly(),
                tool.destructive(),
                (session, arguments) ->
                        session.workbench().session().compose(id -> run(session.workbench(), id, tool, arguments)));
    }

    private Future<CallToolResult> run(Workbench bench, SessionId id, Tool tool, JsonObject arguments) {
        return perform(bench, id, tool, arguments).compose(ran -> {
            if (ran.reply() instanceof ScreenshotTaken taken) {
                return pictures.show(taken.artifact(), ran.text());
            }
            return tool.readOnly() || QUIET.contains(tool.name())
                    ? Future.succeededFuture(Offer.text(ran.text()))
                    : withChange(bench, id, ran.text());
        });
    }

    private Future<Ran> perform(Workbench bench, SessionId id, Tool tool, JsonObject json) {
        Arguments arguments = Arguments.of(json);
        if (tool.verb() != Verbs.UPLOAD) {
            return bench.watched(id, runner.run(bench.client(), id, tool, arguments));
        }
        return files.store(id, arguments)
                .compose(stored -> bench.watched(id, runner.run(bench.client(), id, tool, arguments.withStored(stored)))
                        .onFailure(e -> files.discard(stored)));
    }

    /** A page that can't be looked at now does not make the act a failure. */
    private Future<CallToolResult> withChange(Workbench bench, SessionId id, String done) {
        return bench.client()
                .ask(
                        id,
                        new TakeSnapshot(
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                Optional.of(MAX_CHANGE_TOKENS),
                                true,
                                false,
                                LOOK_MILLIS))
                .map(seen -> done + "\n\nThe page now, as far as it changed:\n"
                        + ToolText.cut(seen.snapshot(), MAX_CHANGE_TOKENS * 4))
                .otherwise(e -> done + "\n\nWhat changed is not known: " + e.getMessage())
                .map(Offer::text);
    }

    private Offer fillForm() {
        ToolSchema field = ToolSchema.of().text("selector").text("value").require("selector", "value");
        return Offer.acts(
                "fill_form",
                "Fills several fields, in this order.",
                ToolSchema.of().objects("fields", field).require("fields"),
                (session, arguments) ->
                        session.workbench().session().compose(id -> fill(session.workbench(), id, fields(arguments))));
    }

    private static List<JsonObject> fields(JsonObject arguments) {
        List<JsonObject> fields = Given.objects(arguments, "fields");
        if (fields.isEmpty() || fields.size() > MAX_FIELDS) {
            throw Given.invalid("fields must have 1 to " + MAX_FIELDS + " entries");
        }
        return fields;
    }

    private Future<CallToolResult> fill(Workbench bench, SessionId id, List<JsonObject> fields) {
        Tool fill = Tools.all().stream()
                .filter(tool -> tool.name().equals("fill"))
                .findFirst()
                .orElseThrow();
        Future<Integer> filled = Future.succeededFuture(0);
        for (JsonObject field : fields) {
            filled = filled.compose(count -> perform(bench, id, fill, field)
                    .recover(e -> Future.failedFuture(
                            Given.invalid("fields." + count + ": " + e.getMessage() + " (those before it are filled)")))
                    .map(ran -> count + 1));
        }
        return filled.compose(count -> withChange(bench, id, count + " fields are filled"));
    }
}
