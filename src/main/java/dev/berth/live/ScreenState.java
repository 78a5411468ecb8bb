package dev.berth.live;

import java.util.List;
import java.util.Optional;

/**
 * What is on the screen besides the pictures.
 *
 * @param cursor the shape of the mouse pointer: a CSS name
 */
public record ScreenState(
        List<Page> pages, List<Dialog> dialogs, List<Chooser> choosers, List<Select> selects, String cursor) {
    static final ScreenState EMPTY = new ScreenState(List.of(), List.of(), List.of(), List.of(), "default");

    public ScreenState {
        pages = List.copyOf(pages);
        dialogs = List.copyOf(dialogs);
        choosers = List.copyOf(choosers);
        selects = List.copyOf(selects);
    }

    /** An open page. */
    public record Page(String pageId, String title, String url, boolean active) {}

    /**
     * A JavaScript dialog that waits for an answer.
     *
     * @param kind {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
     */
    public record Dialog(String pageId, String kind, String message, String defaultPrompt) {}

    /**
     * A page waits for files.
     *
     * @param accept which types it wants, as in HTML
     */
    public record Chooser(String pageId, String chooserId, boolean multiple, String accept) {}

    /**
     * An open list of a {@code select} element, which a screencast does not paint.
     *
     * @param selected indexes of options
     */
    public record Select(
            String pageId,
            String selectId,
            List<Option> options,
            List<Integer> selected,
            boolean multiple,
            Rectangle place) {
        public Select {
            options = List.copyOf(options);
            selected = List.copyOf(selected);
        }
    }

    /** @param group the label of its {@code optgroup}; empty where it has none */
    public record Option(String label, boolean disabled, Optional<String> group) {}

    /** In CSS pixels of the page's viewport. */
    public record Rectangle(double x, double y, double width, double height) {}

    /** The page that verbs act on. */
    Optional<String> activePage() {
        return pages.stream().filter(Page::active).map(Page::pageId).findFirst();
    }

    boolean waitsForFiles(String chooserId) {
        return choosers.stream().anyMatch(chooser -> chooser.chooserId().equals(chooserId));
    }

    boolean has(String pageId) {
        return pages.stream().anyMatch(page -> page.pageId().equals(pageId));
    }
}
