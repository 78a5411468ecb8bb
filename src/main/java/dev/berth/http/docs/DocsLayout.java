package dev.berth.http.docs;

import dev.berth.http.docs.DocsReader.DocsPage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The layout that all pages share: the navigation, and the frame around their content. */
final class DocsLayout {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Pattern PAGE_NAME = Pattern.compile("[a-z-]+");
    private static final String REFERENCE = "api";

    private final String template;
    private final List<DocsPage.PageLink> pages = new ArrayList<>();

    /**
     * @param template the frame, with {@code {{title}}} and the like where parts go
     * @param index the page whose links are the navigation
     */
    DocsLayout(String template, DocsPage index) {
        this.template = template;
        pages.add(new DocsPage.PageLink("", index.title(), "./"));
        index.links().stream()
                .filter(link -> !link.group().equals(index.title()))
                .filter(link -> PAGE_NAME.matcher(link.target()).matches())
                .forEach(pages::add);
        pages.add(new DocsPage.PageLink("", "API reference", REFERENCE));
    }

    /** The names of the pages but for the first, in the order of the navigation. */
    List<String> names() {
        return pages.stream()
                .map(DocsPage.PageLink::target)
                .filter(target -> !target.equals("./") && !target.equals(REFERENCE))
                .toList();
    }

    String page(DocsPage page) {
        String target = DocsFiles.address(page).isEmpty() ? "./" : DocsFiles.address(page);
        return fill(Map.of(
                "title", escape(page.title()),
                "head", "",
                "navigation", navigation(target),
                "content", "<article>" + page.html() + "</article>" + neighbours(target),
                "contents", contents(page)));
    }

    /** @param content the place where the reference is drawn by its script */
    String reference(String content) {
        return fill(Map.of(
                "title",
                "API reference",
                "head",
                "<link rel=\"stylesheet\" href=\"swagger-ui.css\">\n"
                        + "<link rel=\"stylesheet\" href=\"api.css\">\n"
                        + "<script src=\"swagger-ui-bundle.js\" defer></script>\n"
                        + "<script type=\"module\" src=\"api.js\"></script>",
                "navigation",
                navigation(REFERENCE),
                "content",
                content,
                "contents",
                ""));
    }

    private String fill(Map<String, String> parts) {
        return PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
    }

    private String navigation(String current) {
        Map<String, List<DocsPage.PageLink>> groups = pages.stream()
                .collect(Collectors.groupingBy(DocsPage.PageLink::group, LinkedHashMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> (group.getKey().isEmpty() ? "" : "<h2>" + escape(group.getKey()) + "</h2>")
                        + list(group.getValue(), current))
                .collect(Collectors.joining("\n"));
    }

    private static String list(List<DocsPage.PageLink> links, String current) {
        return links.stream()
                .map(page -> "<li><a href=\"" + page.target() + "\""
                        + (page.target().equals(current) ? " aria-current=\"page\"" : "") + ">" + escape(page.text())
                        + "</a></li>")
                .collect(Collectors.joining("\n", "<ul>", "</ul>"));
    }

    private static String contents(DocsPage page) {
        List<DocsPage.Section> parts =
                page.sections().stream().filter(section -> section.level() == 2).toList();
        return parts.size() < 2
                ? ""
                : parts.stream()
                        .map(part -> "<li><a href=\"#" + part.anchor() + "\">" + escape(part.heading()) + "</a></li>")
                        .collect(Collectors.joining("\n", "<h2>On this page</h2><ul>", "</ul>"));
    }

    /** Links to the pages before and after. */
    private String neighbours(String target) {
        int at = pages.stream().map(DocsPage.PageLink::target).toList().indexOf(target);
        String before = at > 0 ? neighbour(pages.get(at - 1), "prev", "Previous") : "<span></span>";
        String after = at < pages.size() - 1 ? neighbour(pages.get(at + 1), "next", "Next") : "";
        return "<nav class=\"neighbours\" aria-label=\"Neighbouring pages\">" + before + after + "</nav>";
    }

    private static String neighbour(DocsPage.PageLink page, String relation, String word) {
        return "<a rel=\"" + relation + "\" href=\"" + page.target() + "\"><small>" + word + "</small>"
                + escape(page.text()) + "</a>";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
