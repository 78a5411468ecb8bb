package dev.berth.mcp;

import dev.berth.logs.LogPage;
import dev.berth.logs.LogReader;
import dev.berth.mcp.Catalogue.Offer;
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Truncation;
import dev.berth.verbs.ToolSchema;
import dev.berth.verbs.ToolText;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tools that read the console and the network of a session. */
final class LogTools {
    private static final int DEFAULT_ENTRIES = 50;
    private static final int MAX_ENTRIES = 500;
    private static final int MAX_LINE_CHARS = 1_000;
    private static final int MAX_URL_CHARS = 300;

    private final LogReader reader;

    LogTools(LogReader reader) {
        this.reader = reader;
    }

    private record Entries<T>(long first, List<T> list) {}

    private record Latest(Optional<Integer> limit) {
        Latest {
            limit.filter(entries -> entries < 1 || entries > MAX_ENTRIES).ifPresent(entries -> {
                throw Offer.invalid("limit must be from 1 to " + MAX_ENTRIES + ", not " + entries);
            });
        }
    }

    private record Numbered(int number) {
        Numbered {
            if (number < 0) {
                throw Offer.invalid("number must be from 0, not " + number);
            }
        }
    }

    Stream<Offer> offers() {
        return Stream.of(
                Offer.reads(
                        "console_messages",
                        "Read the latest console lines.",
                        ToolSchema.of().integer("limit"),
                        call -> latest(call, this::console)),
                Offer.reads(
                        "network_requests",
                        "List the browser's latest requests, with their numbers.",
                        ToolSchema.of().integer("limit"),
                        call -> latest(call, this::network)),
                Offer.reads(
                        "network_request",
                        "Read one request by its number: headers, timing, bodies.",
                        ToolSchema.of().integer("number").require("number"),
                        call -> request(call.workbench(), call.arguments()).map(Offer::text)));
    }

    private static Future<CallToolResult> latest(McpCall call, BiFunction<Workbench, Integer, Future<String>> read) {
        int limit = ClientJson.read(Latest.class, call.arguments()).limit().orElse(DEFAULT_ENTRIES);
        return read.apply(call.workbench(), limit).map(Offer::text);
    }

    Future<String> console(Workbench bench, int limit) {
        return latest(bench, LogKind.CONSOLE, ConsoleEntry.class, limit)
                .map(entries -> text(entries.list().stream().map(LogTools::line)));
    }

    Future<String> network(Workbench bench, int limit) {
        return latest(bench, LogKind.NETWORK, NetworkEntry.class, limit)
                .map(entries -> text(IntStream.range(0, entries.list().size())
                        .mapToObj(i -> line(entries.first() + i, entries.list().get(i)))));
    }

    private static String text(Stream<String> lines) {
        String all = lines.collect(Collectors.joining("\n"));
        return all.isEmpty() ? "none yet" : ToolText.cut(all, BrowserTools.MAX_CHARS);
    }

    private static String line(ConsoleEntry entry) {
        String place = entry.url()
                .map(url -> " (" + url + entry.line().map(n -> ":" + n).orElse("") + ")")
                .orElse("");
        return "[" + entry.level().wireName() + "] " + Truncation.ellipsis(entry.message(), MAX_LINE_CHARS) + place;
    }

    private static String line(long number, NetworkEntry entry) {
        return number + " " + entry.method() + " " + Truncation.ellipsis(entry.url(), MAX_URL_CHARS) + " "
                + entry.status().map(Object::toString).orElse("-") + " " + entry.resourceType()
                + entry.messages()
                        .map(socket -> " " + socket.state().wireName())
                        .orElse("")
                + entry.error().map(why -> " " + why).orElse("");
    }

    private Future<String> request(Workbench bench, JsonObject arguments) {
        int number = ClientJson.read(Numbered.class, arguments).number();
        return bench.session()
                .compose(id -> entry(bench, id, LogKind.NETWORK, NetworkEntry.class, number)
                        .compose(found -> found.map(entry -> whole(bench, id, entry))
                                .orElseGet(() ->
                                        Future.failedFuture(Offer.invalid("no request has the number " + number)))));
    }

    private Future<String> whole(Workbench bench, SessionId id, NetworkEntry entry) {
        String head = new JsonObject(ProtocolJson.MAPPER.valueToTree(entry).toString()).encodePrettily();
        Optional<Long> body = entry.body().flatMap(kept -> kept.offset());
        Future<String> content = body.map(offset -> entry(bench, id, LogKind.BODIES, BodyEntry.class, offset)
                        .map(found -> found.map(kept -> "\n\nresponse body:\n" + kept.content())
                                .orElse("")))
                .orElseGet(() -> Future.succeededFuture(""));
        return content.map(text -> ToolText.cut(head + text, BrowserTools.MAX_CHARS));
    }

    private <T> Future<Entries<T>> latest(Workbench bench, LogKind kind, Class<T> type, int limit) {
        return bench.session()
                .compose(id -> bench.ask(id, new ReadLog(kind, 0, 1)).compose(tail -> {
                    long first = Math.max(0, tail.total() - limit);
                    return page(bench, id, kind, first, limit).map(found -> new Entries<>(first, found.as(type)));
                }));
    }

    private <T> Future<Optional<T>> entry(Workbench bench, SessionId id, LogKind kind, Class<T> type, long offset) {
        return page(bench, id, kind, offset, 1)
                .map(found -> Optional.ofNullable(found.byOffset(type).get(offset)));
    }

    private Future<LogPage> page(Workbench bench, SessionId id, LogKind kind, long offset, int limit) {
        LogReader.Log log = (from, room) -> bench.ask(id, new ReadLog(kind, from, room));
        return reader.page(bench.userId(), log, offset, limit, () -> false);
    }
}
