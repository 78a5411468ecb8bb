package dev.berth.mcp;

import dev.berth.artifact.GivenFileStore;
import dev.berth.mcp.Catalogue.Offer;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.verbs.Tool;
import dev.berth.verbs.ToolRunner;
import dev.berth.verbs.ToolRunner.Ran;
import dev.berth.verbs.ToolSchema;
import dev.berth.verbs.ToolText;
import dev.berth.verbs.UploadArguments;
import dev.berth.verbs.Verbs;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The verbs as tools. An act's result tells what changed on the page, so that a model need not ask for it. */
final class BrowserTools {
    static final int MAX_CHARS = 40_000;
    private static final int MAX_CHANGE_TOKENS = 2_000;
    private static final TakeSnapshot LOOK = new TakeSnapshot(
            Optional.empty(), Optional.empty(), false, Optional.of(MAX_CHANGE_TOKENS), true, false, 5_000);
    private static final int MAX_FIELDS = 50;
    /** Changes nothing that a snapshot shows. */
    private static final Set<String> QUIET = Set.of("dialogs", "add_route", "remove_route");

    private final ToolRunner runner = new ToolRunner(Links.NONE, MAX_CHARS);
    private final Pictures pictures;
    private final Vertx vertx;
    private final GivenFileStore files;

    BrowserTools(Vertx vertx, Pictures pictures, GivenFileStore files) {
        this.pictures = pictures;
        this.vertx = vertx;
        this.files = files;
    }

    Stream<Offer> offers() {
        Stream<Tool> tools = Stream.concat(Verbs.tools().stream(), Verbs.routeTools().stream());
        return Stream.concat(tools.map(this::offer), Stream.of(fillForm()));
    }

    private Offer offer(Tool tool) {
        return new Offer(
                tool.name(),
                tool.description(),
                tool.inputSchema(),
                tool.readOnly(),
                tool.destructive(),
                call -> call.workbench().session().compose(id -> run(call, id, tool)));
    }

    private Future<CallToolResult> run(McpCall call, SessionId id, Tool tool) {
        return perform(call, id, tool, call.arguments()).compose(ran -> {
            if (ran.reply() instanceof ScreenshotTaken taken) {
                return pictures.show(taken.artifact(), ran.text());
            }
            return tool.readOnly() || QUIET.contains(tool.name())
                    ? Future.succeededFuture(Offer.text(ran.text()))
                    : withChange(call, id, ran.text());
        });
    }

    private Future<Ran> perform(McpCall call, SessionId id, Tool tool, JsonObject arguments) {
        if (tool.verb() != Verbs.UPLOAD) {
            return call.act(id, client -> runner.run(client, id, tool, arguments));
        }
        return vertx.executeBlocking(() -> UploadArguments.files(arguments), false)
                .compose(given -> files.store(id, given))
                .compose(stored -> call.act(id, client -> runner.upload(client, id, arguments, stored))
                        .onFailure(e -> files.discard(stored)));
    }

    /** A page that can't be looked at now does not make the act a failure. */
    private Future<CallToolResult> withChange(McpCall call, SessionId id, String done) {
        return call.act(id, client -> client.ask(id, LOOK))
                .map(seen -> done + "\n\nThe page now, as far as it changed:\n"
                        + ToolText.cut(seen.snapshot(), MAX_CHANGE_TOKENS * 4))
                .otherwise(e -> done + "\n\nWhat changed is not known: " + e.getMessage())
                .map(Offer::text);
    }

    private Offer fillForm() {
        ToolSchema field = ToolSchema.of().text("selector").text("value").require("selector", "value");
        return Offer.acts(
                "fill_form",
                "Fill several fields, in the given order.",
                ToolSchema.of().objects("fields", field).require("fields"),
                call -> {
                    List<JsonObject> fields = fields(call.arguments());
                    return call.workbench().session().compose(id -> fill(call, id, fields));
                });
    }

    private static List<JsonObject> fields(JsonObject arguments) {
        List<?> given = arguments.getValue("fields") instanceof JsonArray array
                ? array.stream().toList()
                : List.of();
        if (given.isEmpty() || given.size() > MAX_FIELDS || !given.stream().allMatch(JsonObject.class::isInstance)) {
            throw Offer.invalid("fields must be a list of 1 to " + MAX_FIELDS + " objects");
        }
        return given.stream().map(JsonObject.class::cast).toList();
    }

    private Future<CallToolResult> fill(McpCall call, SessionId id, List<JsonObject> fields) {
        Tool fill = Verbs.tools().stream()
                .filter(tool -> tool.name().equals("fill"))
                .findFirst()
                .orElseThrow();
        Future<Integer> filled = Future.succeededFuture(0);
        for (JsonObject field : fields) {
            filled = filled.compose(count -> perform(call, id, fill, field)
                    .recover(e -> Future.failedFuture(
                            Offer.invalid("fields." + count + ": " + e.getMessage() + " (those before it are filled)")))
                    .map(ran -> count + 1));
        }
        return filled.compose(count -> withChange(call, id, count + " fields are filled"));
    }
}
