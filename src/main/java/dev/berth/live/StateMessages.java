package dev.berth.live;

import dev.berth.browser.ScreenState;
import dev.berth.browser.ScreenState.Chooser;
import dev.berth.browser.ScreenState.Dialog;
import dev.berth.browser.ScreenState.Field;
import dev.berth.browser.ScreenState.Select;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The messages that tell a viewer of changes of the screen: what differs from what it was told before. */
final class StateMessages {
    private static final Set<String> NAMES = Set.of("type", "pageId", "chooserId", "selectId");

    private ScreenState told = ScreenState.EMPTY;
    private ShownPages toldShown = new ShownPages(Optional.empty(), true);

    /**
     * The page that a viewer sees.
     *
     * @param follows whether it is the active one, whichever that is
     */
    record ShownPages(Optional<String> pageId, boolean follows) {}

    /** The messages, in this order, after which the viewer knows {@code state}. */
    List<JsonObject> changes(ScreenState state, ShownPages shown) {
        List<JsonObject> messages = new ArrayList<>();
        if (!state.pages().equals(told.pages()) || !shown.equals(toldShown)) {
            messages.add(pages(state, shown));
        }
        if (!state.cursor().equals(told.cursor())) {
            messages.add(message("cursor").put("cursor", state.cursor()));
        }
        compare(messages, told.dialogs(), state.dialogs(), Dialog::pageId, StateMessages::dialog);
        compare(messages, told.choosers(), state.choosers(), Chooser::chooserId, StateMessages::chooser);
        compare(messages, told.selects(), state.selects(), Select::selectId, StateMessages::select);
        told = state;
        toldShown = shown;
        return messages;
    }

    /** @param id two things with the same one are not open at once */
    private static <T> void compare(
            List<JsonObject> messages,
            List<T> before,
            List<T> now,
            Function<T, String> id,
            Function<T, JsonObject> describe) {
        List<String> open = now.stream().map(id).toList();
        before.stream()
                .filter(thing -> !open.contains(id.apply(thing)))
                .forEach(gone -> messages.add(named(describe.apply(gone)).put("open", false)));
        now.stream()
                .filter(thing -> !before.contains(thing))
                .forEach(added -> messages.add(describe.apply(added).put("open", true)));
    }

    /** The message with names alone, without descriptions: its subject is gone. */
    private static JsonObject named(JsonObject message) {
        message.fieldNames().retainAll(NAMES);
        return message;
    }

    private static JsonObject pages(ScreenState state, ShownPages shown) {
        JsonArray pages = new JsonArray();
        state.pages()
                .forEach(page -> pages.add(new JsonObject()
                        .put("pageId", page.pageId())
                        .put("title", page.title())
                        .put("url", page.url())
                        .put("active", page.active())));
        return message("pages")
                .put("pages", pages)
                .put("shown", shown.pageId().orElse(null))
                .put("follows", shown.follows());
    }

    private static JsonObject dialog(Dialog dialog) {
        return message("dialog")
                .put("pageId", dialog.pageId())
                .put("dialogType", dialog.kind())
                .put("message", dialog.message())
                .put("defaultPrompt", dialog.defaultPrompt());
    }

    private static JsonObject chooser(Chooser chooser) {
        return message("fileChooser")
                .put("pageId", chooser.pageId())
                .put("chooserId", chooser.chooserId())
                .put("multiple", chooser.multiple())
                .put("accept", chooser.accept());
    }

    private static JsonObject select(Select select) {
        JsonArray options = new JsonArray();
        select.options()
                .forEach(option -> options.add(new JsonObject()
                        .put("label", option.label())
                        .put("disabled", option.disabled())
                        .put("group", option.group().orElse(null))));
        return message("select")
                .put("pageId", select.pageId())
                .put("selectId", select.selectId())
                .put("multiple", select.multiple())
                .put("options", options)
                .put("selected", new JsonArray(select.selected()))
                .put("field", select.field().map(StateMessages::field).orElse(null))
                .put("x", select.place().x())
                .put("y", select.place().y())
                .put("width", select.place().width())
                .put("height", select.place().height());
    }

    private static JsonObject field(Field field) {
        return new JsonObject()
                .put("type", field.type())
                .put("value", field.value())
                .put("min", field.min())
                .put("max", field.max())
                .put("step", field.step());
    }

    static JsonObject message(String type) {
        return new JsonObject().put("type", type);
    }
}
