package dev.berth.http.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.http.docs.DocsReader.DocsPage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation as it is: all of it is served, and no link leads nowhere. */
class DocsFilesTest {
    private static final Path SOURCES = Path.of("src/docs");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Pattern MARKDOWN_LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.*)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern BLOCK = Pattern.compile("<pre[^>]*><code(?: class=\"language-(\\w+)\")?>");
    private static final Set<String> LANGUAGES =
            Set.of("sh", "console", "js", "ts", "python", "java", "json", "xml", "yaml", "nginx", "text");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern NAMED_IN_TEXT = Pattern.compile("`([A-Z][a-z]\\w*)`");
    private static final Pattern NAMED_IN_PICTURE = Pattern.compile("<text [^>]*>([A-Z][a-z]+[A-Z]\\w*)");
    /** Of the server, beside the documentation. */
    private static final Set<String> BESIDE = Set.of("/ui/", "/openapi.yaml");

    private static final DocsFiles DOCS = DocsFiles.read(DocsFilesTest::read);

    private static Buffer read(String name) {
        try (InputStream file = DocsFilesTest.class.getClassLoader().getResourceAsStream(name)) {
            assertThat(file).as(name).isNotNull();
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) {
        return Optional.ofNullable(DOCS.all().get(name))
                .orElseThrow(() -> new AssertionError("nothing is at " + name))
                .toString();
    }

    private static Map<String, String> pages() {
        return DOCS.all().entrySet().stream()
                .filter(file -> !file.getKey().contains("."))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().toString()));
    }

    @Test
    void everyFileOfTheFolderIsServed() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isNotEmpty()
                    .allSatisfy(name -> {
                        assertThat(text(name)).isNotEmpty();
                        if (name.endsWith(".md") && !name.equals("README.md")) {
                            assertThat(pages()).containsKey(name.replace(".md", ""));
                        }
                    });
        }
    }

    @Test
    void everyPageHasATitleAndOneMainHeading() {
        assertThat(pages()).hasSizeGreaterThan(20).allSatisfy((name, html) -> {
            assertThat(html)
                    .containsPattern("<title>[^<{]+ · Berth</title>")
                    .doesNotContain("{{title}}", "{{content}}");
            assertThat(html.split("<h1", -1)).as("main headings of %s", name).hasSize(2);
        });
        assertThat(pages().values().stream()
                        .map(html -> html.substring(html.indexOf("<title>"), html.indexOf("</title>"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyLinkAndAnchorOfAPageLeadsSomewhere() {
        pages().forEach((name, html) -> LINK.matcher(html)
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.startsWith("data:"))
                .forEach(link -> assertLeadsSomewhere(name, link)));
    }

    private static void assertLeadsSomewhere(String page, String link) {
        URI target = URI.create("http://x/docs/" + page).resolve(link.isEmpty() ? page : link);
        if (!target.getHost().equals("x") || BESIDE.contains(target.getPath())) {
            return;
        }
        assertThat(target.getPath()).as("%s in %s", link, page).startsWith("/docs/");
        String there = target.getPath().substring("/docs/".length());
        assertThat(DOCS.all()).as("%s in %s", link, page).containsKey(there);
        if (target.getFragment() != null) {
            assertThat(text(there)).as("%s in %s", link, page).contains(" id=\"" + target.getFragment() + "\"");
        }
    }

    /** Where the files are read on a code host. */
    @Test
    void everyLinkBetweenTheFilesLeadsToAFileAndAHeading() throws IOException {
        try (Stream<Path> pages = Files.list(SOURCES)) {
            for (Path file : Stream.concat(
                            Stream.of(Path.of("README.md")),
                            pages.filter(name -> name.toString().endsWith(".md")))
                    .toList()) {
                for (MatchResult link :
                        MARKDOWN_LINK.matcher(prose(file)).results().toList()) {
                    assertLeadsToAFile(file, link.group(1));
                }
            }
        }
    }

    private static String prose(Path file) throws IOException {
        return CODE.matcher(Files.readString(file)).replaceAll("");
    }

    private static void assertLeadsToAFile(Path from, String link) throws IOException {
        if (link.matches("https?:.*")) {
            return;
        }
        String[] parts = link.split("#", 2);
        Path file = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]);
        assertThat(file).as("%s in %s", link, from).exists();
        if (parts.length == 2) {
            Matcher headings = HEADING.matcher(prose(file));
            assertThat(headings.results().map(heading -> slug(heading.group(1))))
                    .as("%s in %s", link, from)
                    .contains(parts[1]);
        }
    }

    /** As code hosts name headings. */
    private static String slug(String heading) {
        return heading.toLowerCase().replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    /** A new room needs a line of the page, a class with a new name its new name. */
    @Test
    void theArchitectureNamesEveryRoomAndNoClassThatIsGone() throws IOException {
        List<Path> sources = files(Path.of("src/main/java"), ".java");
        String page = text("architecture.md");
        assertThat(sources.stream()
                        .filter(file -> file.endsWith("package-info.java"))
                        .map(file -> Path.of("src/main/java/dev/berth").relativize(file.getParent()))
                        .map(room -> "`" + room.toString().replace('/', '.') + "`"))
                .isNotEmpty()
                .allSatisfy(room -> assertThat(page).contains(room));
        Set<String> types = Stream.concat(sources.stream(), files(Path.of("src/test/java"), ".java").stream())
                .flatMap(file -> names(TYPE, read(file)))
                .collect(Collectors.toSet());
        assertThat(files(SOURCES, ".svg").stream().map(DocsFilesTest::read))
                .isNotEmpty()
                .allSatisfy(picture -> assertThat(types)
                        .containsAll(names(NAMED_IN_PICTURE, picture).toList()));
        assertThat(types).containsAll(names(NAMED_IN_TEXT, page).toList());
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(name -> name.group(1));
    }

    @Test
    void theSearchIndexHasEverySection() {
        List<JsonObject> index = new JsonArray(text("search.json"))
                .stream().map(JsonObject.class::cast).toList();
        assertThat(index).allSatisfy(section -> assertLeadsSomewhere("", section.getString("url")));
        assertThat(index.stream()
                        .filter(section -> section.getString("text").contains("Landlock"))
                        .map(section -> section.getString("url")))
                .contains("isolation#the-second-wall");
        assertThat(index.stream().map(section -> section.getString("heading")))
                .contains("Isolation", "Resume without missing anything");
    }

    /** {@code DocsSnippetsIT} runs those in {@code sh}: a block without a language would be left out unnoticed. */
    @Test
    void everyBlockOfCodeIsFencedAndNamesItsLanguage() {
        assertThat(pages())
                .allSatisfy((name, html) -> assertThat(
                                BLOCK.matcher(html).results().map(block -> String.valueOf(block.group(1))))
                        .as("blocks of code in %s", name)
                        .isSubsetOf(LANGUAGES));
    }

    @Test
    void pagesAreReadableByPrograms() {
        assertThat(text("llms.txt")).contains("- [Selectors](selectors.md)");
        assertThat(text("selectors.md")).startsWith("# Selectors\n");
    }

    @Test
    void markdownBecomesAPage() {
        DocsPage page = new DocsReader().read("x", """
                # A "title" & more

                See [there](other-page.md#some-part), [first](README.md) or [elsewhere](https://example.com/a.md).

                ## Part one

                | a | b |
                |---|--:|
                | `x` | <script>alert(1)</script> |

                ![A picture](p.png)
                """);
        assertThat(page.title()).isEqualTo("A \"title\" & more");
        assertThat(page.html())
                .contains(
                        "href=\"other-page#some-part\"",
                        "href=\"./\"",
                        "href=\"https://example.com/a.md\"",
                        "<h2 id=\"part-one\">",
                        "<td align=\"right\">")
                .doesNotContain("<script>");
        assertThat(page.sections().get(1).text()).startsWith("a b x");
        assertThat(page.pictures()).containsExactly("p.png");
    }

    @Test
    void aPageWithoutATitleIsRefused() {
        assertThatThrownBy(() -> new DocsReader().read("x", "Words.\n")).hasMessageContaining("x.md");
    }
}
