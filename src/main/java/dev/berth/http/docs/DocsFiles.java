package dev.berth.http.docs;

import dev.berth.http.docs.DocsReader.DocsPage;
import dev.berth.http.pages.Webjar;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that is served below {@code /docs/}, by name. {@code README.md} is the first page: its links are the other pages, in the
 * order of the navigation, and its headings their groups.
 */
final class DocsFiles {
    private static final String SOURCES = "dev/berth/docs/";
    private static final String PARTS = "dev/berth/web/docs/";
    private static final Webjar SWAGGER = new Webjar("org.webjars", "swagger-ui");

    private final Function<String, Buffer> read;
    private final DocsReader reader = new DocsReader();
    private final Map<String, Buffer> files = new LinkedHashMap<>();

    private DocsFiles(Function<String, Buffer> read) {
        this.read = read;
    }

    /**
     * Blocks, for some tenths of a second.
     *
     * @param read reads a file of the class path
     */
    static DocsFiles read(Function<String, Buffer> read) {
        DocsFiles docs = new DocsFiles(read);
        docs.addPages();
        List.of("docs.css", "docs.js", "find.js", "search.js", "api.css", "api.js")
                .forEach(name -> docs.files.put(name, read.apply(PARTS + name)));
        String swagger = SWAGGER.folder(read);
        List.of("swagger-ui.css", "swagger-ui-bundle.js")
                .forEach(name -> docs.files.put(name, read.apply(swagger + name)));
        return docs;
    }

    Map<String, Buffer> all() {
        return Map.copyOf(files);
    }

    private void addPages() {
        DocsPage index = page("README");
        DocsLayout layout = new DocsLayout(read.apply(PARTS + "page.html").toString(), index);
        List<DocsPage> pages = new ArrayList<>(List.of(index));
        layout.names().forEach(name -> pages.add(page(name)));
        pages.forEach(page -> add(layout, page));
        files.put(
                "api",
                Buffer.buffer(layout.reference(read.apply(PARTS + "api.html").toString())));
        files.put("search.json", searchIndex(pages).toBuffer());
        files.put("llms.txt", Buffer.buffer(listing(pages)));
    }

    private DocsPage page(String name) {
        return reader.read(name, read.apply(SOURCES + name + ".md").toString());
    }

    private void add(DocsLayout layout, DocsPage page) {
        files.put(address(page), Buffer.buffer(layout.page(page)));
        files.put(page.name() + ".md", Buffer.buffer(page.markdown()));
        page.pictures().forEach(name -> files.put(name, read.apply(SOURCES + name)));
    }

    /** The address of a page, below {@code /docs/}. */
    static String address(DocsPage page) {
        return page.name().equals("README") ? "" : page.name();
    }

    private static JsonArray searchIndex(List<DocsPage> pages) {
        JsonArray index = new JsonArray();
        pages.forEach(page -> page.sections()
                .forEach(section -> index.add(new JsonObject()
                        .put("url", (address(page).isEmpty() ? "./" : address(page)) + "#" + section.anchor())
                        .put("page", page.title())
                        .put("heading", section.heading())
                        .put("text", section.text()))));
        return index;
    }

    /** The list of pages that programs which read Markdown begin with. */
    private static String listing(List<DocsPage> pages) {
        return pages.stream()
                .map(page -> "- [" + page.title() + "](" + page.name() + ".md)")
                .collect(Collectors.joining(
                        "\n", "# Berth\n\n> A self-hosted server of browser sessions.\n\n## Pages\n\n", "\n"));
    }
}
