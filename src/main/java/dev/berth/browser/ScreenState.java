package dev.berth.browser;

import java.util.List;
import java.util.Optional;

/**
 * The state of a browser's screen, besides the pictures of its pages.
 *
 * @param cursor the shape of the mouse pointer where it is now: a name of CSS, such as {@code pointer}
 */
public record ScreenState(
        List<Page> pages, List<Dialog> dialogs, List<Chooser> choosers, List<Select> selects, String cursor) {
    public static final ScreenState EMPTY = new ScreenState(List.of(), List.of(), List.of(), List.of(), "default");

    public ScreenState {
        pages = List.copyOf(pages);
        dialogs = List.copyOf(dialogs);
        choosers = List.copyOf(choosers);
        selects = List.copyOf(selects);
    }

    /**
     * An open page.
     *
     * @param active whether verbs act on it
     */
    public record Page(String pageId, String title, String url, boolean active) {}

    /**
     * A JavaScript dialog that waits for an answer. The page stands still meanwhile.
     *
     * @param kind {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
     */
    public record Dialog(String pageId, String kind, String message, String defaultPrompt) {}

    /**
     * A page waits for files.
     *
     * @param chooserId a new one for each
     * @param accept the types that it wants, as HTML writes them
     */
    public record Chooser(String pageId, String chooserId, boolean multiple, String accept) {}

    /**
     * The open list of a {@code select} element, or the picker of an {@code input}: both are in no picture.
     *
     * @param selectId a new one for each
     * @param options none of a picker
     * @param selected indexes of options
     * @param field the field that the picker is for; empty for a list
     * @param place of the element
     */
    public record Select(
            String pageId,
            String selectId,
            List<Option> options,
            List<Integer> selected,
            boolean multiple,
            Optional<Field> field,
            Rectangle place) {
        public Select {
            options = List.copyOf(options);
            selected = List.copyOf(selected);
        }
    }

    /**
     * An {@code input} with a picker, by its attributes as HTML writes them.
     *
     * @param type {@code date}, {@code time}, {@code datetime-local}, {@code month}, {@code week} or {@code color}
     */
    public record Field(String type, String value, String min, String max, String step) {}

    /** @param group the label of its {@code optgroup} */
    public record Option(String label, boolean disabled, Optional<String> group) {}

    /** A rectangle, in CSS pixels of the page's viewport. */
    public record Rectangle(double x, double y, double width, double height) {}

    /** The page that verbs act on. */
    public Optional<String> activePage() {
        return pages.stream().filter(Page::active).map(Page::pageId).findFirst();
    }

    public boolean waitsForFiles(String chooserId) {
        return choosers.stream().anyMatch(chooser -> chooser.chooserId().equals(chooserId));
    }

    public boolean has(String pageId) {
        return pages.stream().anyMatch(page -> page.pageId().equals(pageId));
    }
}
