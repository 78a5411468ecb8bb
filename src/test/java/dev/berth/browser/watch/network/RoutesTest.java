package dev.berth.browser.watch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.watch.network.Routes.Route;
import dev.berth.protocol.AddRoute;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RouteEntry;
import dev.berth.protocol.RouteEntry.ResourceType;
import dev.berth.protocol.RouteEntry.RouteAction;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private final Routes routes = new Routes();

    private static AddRoute block(String url, List<String> methods, List<ResourceType> types, Optional<Integer> times) {
        return new AddRoute(
                url,
                methods,
                types,
                RouteAction.BLOCK,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                times,
                1);
    }

    private static AddRoute block(String url) {
        return block(url, List.of(), List.of(), Optional.empty());
    }

    private static AddRoute mock(int bytes) {
        return new AddRoute(
                "**",
                List.of(),
                List.of(),
                RouteAction.MOCK,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.of(Base64.getEncoder().encodeToString(new byte[bytes])),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    private Optional<String> found(String url, String method, String type) {
        return routes.find(url, method, type).map(route -> route.entry().routeId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "** https://a.b/c true",
                "* https://a.b/c false",
                "**/c https://a.b/c true",
                "**/c https://a.b/d/c true",
                "**/c https://a.b/cc false",
                "https://a.b/* https://a.b/c true",
                "https://a.b/* https://a.b/c/d false",
                "https://a.b/*/d https://a.b/c/d true",
                "https://a.b/** https://a.b/c/d?e=/f true",
                "https://a.b https://a.b/ true",
                "**/*.{png,jpg} https://a.b/c.jpg true",
                "**/*.{png,jpg} https://a.b/c.gif false",
                "**/{a,b}/{c,d}* https://h/b/d.js true",
                "**/{a,b}/{c,d}* https://h/b/e.js false",
                "http{s,}://a.b/** http://a.b/c true",
                "**/q?x=1 https://a.b/q?x=1 true",
                "**/q?x=1 https://a.b/qqx=1 false",
                "**/a\\*b https://h/a*b true",
                "**/a\\*b https://h/axb false",
                "**a*b* https://h/a/ab true",
                "**/*/***/c https://h/x/y/z/c true",
                "**/A https://h/a false",
            })
    void aPatternMatchesWholeUrls(String pattern, String url, boolean matches) {
        assertThat(new UrlPattern(pattern).matches(url)).isEqualTo(matches);
    }

    /** A page that could make these slow would stop all sessions of its event loop. */
    @Test
    void aPatternOfManyStarsIsSoonRead() {
        UrlPattern pattern = new UrlPattern("**a*a".repeat(99) + "b");
        assertThat(pattern.matches("https://h/" + "a".repeat(8_000))).isFalse();
        assertThat(pattern.matches("https://h/" + "a".repeat(8_000) + "b")).isTrue();
        assertThat(pattern.matches("https://h/" + "a".repeat(9_000) + "b")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "** *",
                "**/*.{png,jpg} */*.*",
                "https://a.b/q?x=* https://a.b/q\\?x=*",
                "**/a\\*b */a\\*b",
                "**/a\\{b */a{b",
            })
    void chromeHoldsNoMoreThanThePatternNeeds(String pattern, String chromes) {
        assertThat(UrlPattern.forChrome(pattern)).isEqualTo(chromes);
    }

    @Test
    void theFirstRuleThatFitsHolds() {
        routes.add(block("**/api/**", List.of("POST"), List.of(), Optional.empty()));
        routes.add(block("**/api/**", List.of(), List.of(ResourceType.FETCH), Optional.empty()));
        routes.add(block("**"));
        assertThat(found("https://a/api/b", "POST", "XHR")).contains("route-1");
        assertThat(found("https://a/api/b", "GET", "XHR")).contains("route-2");
        assertThat(found("https://a/api/b", "GET", "Fetch")).contains("route-2");
        assertThat(found("https://a/api/b", "GET", "Image")).contains("route-3");
        assertThat(routes.remove("route-2")).isTrue();
        assertThat(routes.remove("route-2")).isFalse();
        assertThat(found("https://a/api/b", "GET", "XHR")).contains("route-3");
        assertThat(routes.patterns().encode()).isEqualTo("[{\"urlPattern\":\"*/api/*\"},{\"urlPattern\":\"*\"}]");
    }

    @Test
    void aRuleIsGoneWhenItsTimesAreOver() {
        Route twice = routes.add(block("**", List.of(), List.of(), Optional.of(2)));
        assertThat(routes.use(twice)).isFalse();
        assertThat(routes.list()).extracting(RouteEntry::used).containsExactly(1L);
        assertThat(routes.use(twice)).isTrue();
        assertThat(routes.isEmpty()).isTrue();
        assertThat(routes.patterns().isEmpty()).isTrue();
    }

    @Test
    void rulesAreBoundedInNumberAndBytes() {
        for (int i = 0; i < 4; i++) {
            routes.add(mock(AddRoute.MAX_BODY_BYTES));
        }
        requireFull(mock(1), "the bodies of a session's routes can have at most 1048576 bytes in total");
        while (routes.list().size() < Routes.MAX_RULES) {
            routes.add(block("**"));
        }
        requireFull(block("**"), "a session can have at most 30 routes");
    }

    private void requireFull(AddRoute rule, String why) {
        assertThatThrownBy(() -> routes.add(rule))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED))
                .hasMessage(why);
    }
}
