package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.ScreenState.Field;
import dev.berth.browser.ScreenState.Option;
import dev.berth.browser.ScreenState.Rectangle;
import dev.berth.browser.ScreenState.Select;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.LiveCommand.ChooseOptions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists of {@code select} elements, and pickers of dates, times and colours, that people have opened: Chrome would show them in a
 * window of its own, which no picture shows.
 */
final class Selects {
    private static final long LOOK_MILLIS = 500;
    private static final long CHOOSE_MILLIS = 5_000;
    /** Limit for a browser's open lists: a list may have a thousand entries, and all viewers get all lists. */
    private static final int MAX_OPEN = 8;

    private final PageLook look;
    private final Pages pages;
    private final Runnable onChange;
    /** The open list of each page, by the page's id. */
    private final Map<String, Open> open = new LinkedHashMap<>();

    private int lastId;

    private record Open(Select select, String documentId) {}

    Selects(PageLook look, Pages pages, Runnable onChange) {
        this.look = look;
        this.pages = pages;
        this.onChange = onChange;
    }

    /** Called before the mouse presses at a point: an open list closes, a list at the point opens. Never fails. */
    Future<Void> press(PageTarget page, double x, double y) {
        close(page.targetId());
        String id = "select-" + ++lastId;
        return look.call(page, LOOK_MILLIS, "press", x, y, id)
                .onSuccess(pressed -> Optional.ofNullable(pressed.getJsonObject("value"))
                        .ifPresent(list -> add(new Open(read(page.targetId(), id, list), page.documentId()))))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private void add(Open list) {
        open.put(list.select().pageId(), list);
        if (open.size() > MAX_OPEN) {
            open.remove(open.keySet().iterator().next());
        }
        onChange.run();
    }

    void close(String pageId) {
        if (open.remove(pageId) != null) {
            onChange.run();
        }
    }

    private static Select read(String pageId, String id, JsonObject list) {
        List<Option> options = new ArrayList<>();
        for (Object each : list.getJsonArray("options")) {
            JsonObject option = (JsonObject) each;
            options.add(new Option(
                    option.getString("label"),
                    option.getBoolean("disabled"),
                    Optional.ofNullable(option.getString("group"))));
        }
        List<Integer> selected = new ArrayList<>();
        list.getJsonArray("selected").forEach(index -> selected.add(((Number) index).intValue()));
        JsonObject place = list.getJsonObject("place");
        return new Select(
                pageId,
                id,
                options,
                selected,
                false,
                Optional.ofNullable(list.getJsonObject("field")).map(Selects::field),
                new Rectangle(
                        place.getDouble("x"),
                        place.getDouble("y"),
                        place.getDouble("width"),
                        place.getDouble("height")));
    }

    private static Field field(JsonObject field) {
        return new Field(
                field.getString("type"),
                field.getString("value"),
                field.getString("min"),
                field.getString("max"),
                field.getString("step"));
    }

    /** The open ones, without those whose document is not shown any more. */
    List<Select> open() {
        open.entrySet()
                .removeIf(entry -> pages.byTarget(entry.getKey())
                        .filter(page ->
                                page.documentId().equals(entry.getValue().documentId()))
                        .isEmpty());
        return open.values().stream().map(Open::select).toList();
    }

    Future<Void> choose(PageTarget page, ChooseOptions command) {
        Open list = open.get(page.targetId());
        if (list == null || !list.select().selectId().equals(command.selectId())) {
            return Future.failedFuture(Failures.failed("the list is no longer open"));
        }
        close(page.targetId());
        if (command.indexes().isEmpty() && command.value().isEmpty()) {
            return Future.succeededFuture();
        }
        return look.call(
                        page,
                        CHOOSE_MILLIS,
                        "choose",
                        command.selectId(),
                        command.indexes(),
                        command.value().orElse(null))
                .compose(chosen -> chosen.getString("value").isEmpty()
                        ? Future.<Void>succeededFuture()
                        : Future.failedFuture(Failures.failed(chosen.getString("value"))))
                .recover(Failures::told);
    }
}
