package dev.berth.http.docs;

import com.vladsch.flexmark.ast.Heading;
import com.vladsch.flexmark.ast.Image;
import com.vladsch.flexmark.ast.Link;
import com.vladsch.flexmark.ast.ListBlock;
import com.vladsch.flexmark.ast.Paragraph;
import com.vladsch.flexmark.ext.tables.TableBlock;
import com.vladsch.flexmark.ext.tables.TableCell;
import com.vladsch.flexmark.ext.tables.TablesExtension;
import com.vladsch.flexmark.html.HtmlRenderer;
import com.vladsch.flexmark.html.IndependentLinkResolverFactory;
import com.vladsch.flexmark.html.LinkResolver;
import com.vladsch.flexmark.html.renderer.LinkResolverBasicContext;
import com.vladsch.flexmark.html.renderer.LinkStatus;
import com.vladsch.flexmark.html.renderer.ResolvedLink;
import com.vladsch.flexmark.parser.Parser;
import com.vladsch.flexmark.util.ast.Document;
import com.vladsch.flexmark.util.ast.Node;
import com.vladsch.flexmark.util.ast.TextCollectingVisitor;
import com.vladsch.flexmark.util.data.DataHolder;
import com.vladsch.flexmark.util.data.MutableDataSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Reads Markdown. Each call takes milliseconds, the first one more: not for an event loop. */
final class DocsReader {
    /** A link to another file of the documentation: code hosts show files, a browser at {@code /docs/} pages without an ending. */
    private static final Pattern FILE = Pattern.compile("([a-z-]+|README)\\.md(#.*)?");

    private static final DataHolder OPTIONS = new MutableDataSet()
            .set(Parser.EXTENSIONS, List.of(TablesExtension.create()))
            .set(HtmlRenderer.GENERATE_HEADER_ID, true)
            .set(HtmlRenderer.RENDER_HEADER_ID, true)
            .set(HtmlRenderer.ESCAPE_HTML, true)
            .toImmutable();

    private final Parser parser = Parser.builder(OPTIONS).build();
    private final HtmlRenderer renderer =
            HtmlRenderer.builder(OPTIONS).linkResolverFactory(new PageLinks()).build();

    DocsPage read(String name, String markdown) {
        Document document = parser.parse(markdown);
        // Gives the headings their ids, too.
        String html = accessible(renderer.render(document));
        return new DocsPage(name, markdown, html, sections(document), links(document), pictures(document));
    }

    /** A table that is wider than the window scrolls by itself, also by the keyboard. */
    private static String accessible(String html) {
        return html.replace(
                        "<table>", "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>")
                .replace("</table>", "</table></div>")
                .replace("<pre>", "<pre tabindex=\"0\">")
                .replace("<img ", "<img loading=\"lazy\" ");
    }

    private static List<DocsPage.Section> sections(Document document) {
        List<DocsPage.Section> sections = new ArrayList<>();
        Heading heading = null;
        StringBuilder text = new StringBuilder();
        for (Node block : document.getChildren()) {
            if (block instanceof Heading next) {
                add(sections, heading, text);
                heading = next;
                text = new StringBuilder();
            } else {
                text.append(text(block)).append(' ');
            }
        }
        add(sections, heading, text);
        return sections;
    }

    private static void add(List<DocsPage.Section> sections, Heading heading, StringBuilder text) {
        if (heading != null) {
            sections.add(new DocsPage.Section(
                    heading.getLevel(),
                    heading.getAnchorRefId(),
                    text(heading),
                    text.toString().strip()));
        }
    }

    private static String text(Node node) {
        if (node instanceof TableBlock) {
            return words(node, TableCell.class);
        }
        return node instanceof ListBlock ? words(node, Paragraph.class) : plain(node);
    }

    /** The words of parts, each read alone: the visitor fails for a list of several items, one of which has code and several lines. */
    private static String words(Node node, Class<? extends Node> part) {
        StringJoiner text = new StringJoiner(" ");
        for (Node each : node.getDescendants()) {
            // The cells of the line below the head of a table have no words.
            String words = part.isInstance(each) ? plain(each) : "";
            if (!words.isEmpty()) {
                text.add(words);
            }
        }
        return text.toString();
    }

    private static String plain(Node node) {
        return new TextCollectingVisitor()
                .collectAndGetText(node)
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static List<DocsPage.PageLink> links(Document document) {
        List<DocsPage.PageLink> links = new ArrayList<>();
        String group = "";
        for (Node node : document.getDescendants()) {
            if (node instanceof Heading heading) {
                group = text(heading);
            } else if (node instanceof Link link) {
                links.add(new DocsPage.PageLink(
                        group, text(link), PageLinks.page(link.getUrl().toString())));
            }
        }
        return links;
    }

    private static Set<String> pictures(Document document) {
        Set<String> pictures = new LinkedHashSet<>();
        for (Node node : document.getDescendants()) {
            if (node instanceof Image image) {
                pictures.add(image.getUrl().toString());
            }
        }
        return pictures;
    }

    /** Turns links between files into links between pages. */
    private static final class PageLinks extends IndependentLinkResolverFactory implements LinkResolver {
        static String page(String url) {
            return FILE.matcher(url).replaceFirst("$1$2").replaceFirst("^README(?=#|$)", "./");
        }

        @Override
        public LinkResolver apply(LinkResolverBasicContext context) {
            return this;
        }

        @Override
        public ResolvedLink resolveLink(Node node, LinkResolverBasicContext context, ResolvedLink link) {
            return FILE.matcher(link.getUrl()).matches()
                    ? link.withUrl(page(link.getUrl())).withStatus(LinkStatus.VALID)
                    : link;
        }
    }

    /**
     * A file of the documentation.
     *
     * @param name of the file, without its ending
     * @param markdown the file's text
     * @param html its content as HTML, without what all pages share
     * @param sections its text by headings, the first one of which is the page's title
     * @param links where its links lead to, in their order and as a browser at {@code /docs/} has them
     * @param pictures the names of the picture files that it shows
     */
    record DocsPage(
            String name,
            String markdown,
            String html,
            List<Section> sections,
            List<PageLink> links,
            Set<String> pictures) {

        /** @param anchor the id of the heading in the HTML */
        record Section(int level, String anchor, String heading, String text) {}

        /** @param group the heading that it stands under */
        record PageLink(String group, String text, String target) {}

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
}
