package dev.berth.http.docs;

import java.util.List;
import java.util.Set;

/**
 * One file of the documentation.
 *
 * @param name of the file, without its ending
 * @param markdown the file's text
 * @param html its content as HTML, without what all pages share
 * @param sections its text by headings, the first one of which is the page's title
 * @param links where its links lead to, in their order and as a browser at {@code /docs/} has them
 * @param pictures the names of the picture files that it shows
 */
record DocsPage(
        String name, String markdown, String html, List<Section> sections, List<Link> links, Set<String> pictures) {

    /** @param anchor the id of the heading in the HTML */
    record Section(int level, String anchor, String heading, String text) {}

    /** @param group the heading that it stands under */
    record Link(String group, String text, String target) {}

    DocsPage {
        sections = List.copyOf(sections);
        links = List.copyOf(links);
        pictures = Set.copyOf(pictures);
        if (sections.isEmpty() || sections.get(0).level() != 1) {
            throw new IllegalArgumentException(name + ".md does not begin with its title, as # Title");
        }
    }

    String title() {
        return sections.get(0).heading();
    }
}
