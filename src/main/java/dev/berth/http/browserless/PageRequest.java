package dev.berth.http.browserless;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.http.oneshot.PageOpening;
import dev.berth.http.request.GivenFields;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.RouteEntry.ResourceType;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page that a body asks for, by the fields that all one-shots have. The constructor throws {@link BerthException} that names the field
 * which is wrong.
 */
final class PageRequest {
    /** Limit for each wait and for the page's opening, where a body gives none: milliseconds. */
    private static final long WAIT_MILLIS = 30_000;

    private static final long MOST_MILLIS = 3_600_000;

    private static final Map<String, WaitUntil> UNTIL = Map.of(
            "load", WaitUntil.LOAD,
            "domcontentloaded", WaitUntil.DOMCONTENTLOADED,
            "networkidle0", WaitUntil.NETWORKIDLE,
            "networkidle2", WaitUntil.NETWORKIDLE);

    private static final Map<String, String> MEDIA = Map.of("screen", "screen", "print", "print");

    /** Types of requests that Chrome tells nobody of before it sends them. */
    private static final Set<String> UNSTOPPABLE =
            Set.of("websocket", "prefetch", "preflight", "signedexchange", "cspviolationreport");

    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

    /** The names that fields of the contract have here, for errors. */
    private static final Map<String, String> NAMES = Map.of(
            "options.viewport", "viewport",
            "options.userAgent", "userAgent",
            "options.headers", "setExtraHTTPHeaders",
            "options.httpCredentials", "authenticate",
            "url must", "rejectRequestPattern: must");

    private final GivenFields body;
    private final JsonObject options;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final Optional<String> url;
    private final boolean bestAttempt;

    /** @param options of the contract, which it adds to */
    PageRequest(GivenFields body, JsonObject options) {
        this.body = body;
        this.options = options;
        this.url = body.text("url").filter(text -> !text.isEmpty());
        this.bestAttempt = body.flag("bestAttempt").orElse(false);
        JsonObject emulation = new JsonObject();
        body.object("viewport").ifPresent(screen -> read(screen, emulation));
        body.text("emulateMediaType")
                .filter(text -> !text.isEmpty())
                .flatMap(text -> body.choice("emulateMediaType", MEDIA))
                .ifPresent(media -> emulation.put("media", media));
        if (!emulation.isEmpty()) {
            steps.add(Step.of("emulate", emulation));
        }
        addIdentity();
        addCookies();
        addRules();
        open();
        body.objects("addStyleTag").forEach(tag -> steps.add(PageCalls.addStyle(tag)));
        body.objects("addScriptTag").forEach(tag -> steps.add(PageCalls.addScript(tag)));
        addWaits();
    }

    /** The steps before the one that makes the answer. */
    List<Step> steps() {
        return steps;
    }

    /** The paths of what Berth has nothing for, once all else was read. */
    List<String> ignored() {
        return Stream.concat(body.unread().stream(), ignored.stream()).toList();
    }

    /** A phone's pixel ratio, which Berth emulates where none is given, is not Puppeteer's. */
    private void read(GivenFields screen, JsonObject emulation) {
        options.put("viewport", Launch.viewport(screen));
        screen.number("deviceScaleFactor", 0.5, 4).ifPresent(scale -> emulation.put("deviceScaleFactor", scale));
        if (screen.flag("isMobile").orElse(false)) {
            emulation.put("mobile", true);
            emulation.put("deviceScaleFactor", emulation.getDouble("deviceScaleFactor", 1.0));
        }
    }

    private void addIdentity() {
        // A text, or an object with the text and what else Puppeteer knows of user agents.
        (body.value("userAgent").filter(JsonObject.class::isInstance).isPresent()
                        ? body.object("userAgent").flatMap(agent -> agent.text("userAgent"))
                        : body.text("userAgent"))
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> options.put("userAgent", text));
        body.object("setExtraHTTPHeaders").ifPresent(headers -> {
            JsonObject texts = new JsonObject();
            headers.names().forEach(name -> texts.put(name, headers.required(name, headers::text)));
            options.put("headers", texts);
        });
        body.object("authenticate").ifPresent(login -> {
            JsonObject credentials = new JsonObject()
                    .put("origin", origin(login))
                    .put("username", login.required("username", login::text))
                    .put("password", login.required("password", login::text));
            options.put("httpCredentials", new JsonArray().add(credentials));
        });
    }

    /** Credentials go to the page's own origin alone: any other server could ask for them. */
    private String origin(GivenFields login) {
        try {
            URI page =
                    new URI(url.orElseThrow(() -> login.wrong("username", "given with url, whose server asks for it")));
            return page.getScheme() + "://" + page.getHost() + (page.getPort() < 0 ? "" : ":" + page.getPort());
        } catch (URISyntaxException e) {
            throw Validation.invalid("url: must be absolute where authenticate is given");
        }
    }

    private void addCookies() {
        JsonArray cookies = new JsonArray();
        body.objects("cookies").forEach(cookie -> {
            JsonObject read = new JsonObject()
                    .put("name", cookie.required("name", cookie::text))
                    .put("value", cookie.required("value", cookie::text));
            for (String name : List.of("domain", "url", "path", "sameSite")) {
                cookie.text(name).ifPresent(text -> read.put(name, text));
            }
            for (String name : List.of("httpOnly", "secure")) {
                cookie.flag(name).ifPresent(on -> read.put(name, on));
            }
            cookie.number("expires", -1, Long.MAX_VALUE)
                    .filter(seconds -> seconds >= 0)
                    .ifPresent(seconds -> read.put("expires", seconds));
            if (!read.containsKey("domain") && !read.containsKey("url")) {
                read.put("url", url.orElseThrow(() -> cookie.wrong("domain", "given where the body has no url")));
            }
            cookies.add(read);
        });
        if (!cookies.isEmpty()) {
            steps.add(Step.of("set-cookies", new JsonObject().put("cookies", cookies)));
        }
    }

    private void addRules() {
        JsonArray types = new JsonArray();
        Set<String> known =
                Stream.of(ResourceType.values()).map(ResourceType::wireName).collect(Collectors.toSet());
        for (String type : body.texts("rejectResourceTypes")) {
            if (UNSTOPPABLE.contains(type)) {
                ignored.add("rejectResourceTypes: " + type);
            } else if (known.contains(type)) {
                types.add(type);
            } else {
                throw body.wrong("rejectResourceTypes", "a list of types of requests, such as image or stylesheet");
            }
        }
        if (!types.isEmpty()) {
            steps.add(rule("**", new JsonObject().put("action", "block").put("types", types)));
        }
        for (String expression : body.texts("rejectRequestPattern")) {
            if (UrlGlob.matchesNothing(expression)) {
                ignored.add("rejectRequestPattern: " + expression);
            } else {
                String glob = UrlGlob.of(body, "rejectRequestPattern", expression);
                steps.add(rule(glob, new JsonObject().put("action", "block")));
            }
        }
        body.objects("requestInterceptors").forEach(given -> {
            String glob = UrlGlob.of(given, "pattern", given.required("pattern", given::text));
            steps.add(rule(glob, mock(given.required("response", given::object))));
        });
    }

    private static Step rule(String glob, JsonObject arguments) {
        return Step.of("add-route", arguments.put("url", glob));
    }

    private static JsonObject mock(GivenFields response) {
        JsonObject headers = new JsonObject();
        response.object("headers")
                .ifPresent(given ->
                        given.names().forEach(name -> headers.put(name, given.required(name, given::text))));
        response.text("contentType").ifPresent(type -> headers.put("content-type", type));
        JsonObject mock = new JsonObject().put("action", "mock").put("headers", headers);
        response.whole("status", 200, 599).ifPresent(status -> mock.put("status", status));
        response.text("body")
                .ifPresent(text -> mock.put(
                        "bodyBase64",
                        BASE64.matcher(text).matches()
                                ? text
                                : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        return mock;
    }

    private void open() {
        Optional<GivenFields> how = body.object("gotoOptions");
        Optional<String> html = body.text("html").filter(text -> !text.isEmpty() && url.isEmpty());
        long limit = how.map(PageRequest::limit).orElse(WAIT_MILLIS);
        PageOpening.of(url, html, how.map(PageRequest::until).orElse(WaitUntil.LOAD))
                .forEach(step -> await(step, limit));
    }

    /** One event, or a list of them: the last to come counts. */
    private static WaitUntil until(GivenFields how) {
        List<String> names =
                how.value("waitUntil").filter(JsonArray.class::isInstance).isPresent()
                        ? how.texts("waitUntil")
                        : how.text("waitUntil").map(List::of).orElse(List.of());
        List<WaitUntil> events = names.stream()
                .map(name -> Optional.ofNullable(UNTIL.get(name))
                        .orElseThrow(
                                () -> how.wrong("waitUntil", "load, domcontentloaded, networkidle0 or networkidle2")))
                .toList();
        return events.contains(WaitUntil.NETWORKIDLE)
                ? WaitUntil.NETWORKIDLE
                : events.contains(WaitUntil.LOAD) || events.isEmpty() ? WaitUntil.LOAD : WaitUntil.DOMCONTENTLOADED;
    }

    /** Puppeteer's 0 is for no limit, which the limit for the whole request is then. */
    private static long limit(GivenFields given) {
        return given.whole("timeout", 0, MOST_MILLIS)
                .map(millis -> millis == 0 ? MOST_MILLIS : millis)
                .orElse(WAIT_MILLIS);
    }

    private void addWaits() {
        body.whole("waitForTimeout", 0, MOST_MILLIS).ifPresent(millis -> await(PageCalls.pause(millis), MOST_MILLIS));
        body.object("waitForFunction")
                .ifPresent(given -> await(PageCalls.waitForFunction(given.required("fn", given::text)), limit(given)));
        body.object("waitForSelector").ifPresent(given -> await(waitFor(given), limit(given)));
        body.object("waitForEvent")
                .ifPresent(given -> await(PageCalls.waitForEvent(given.required("event", given::text)), limit(given)));
    }

    private void await(Step step, long millis) {
        steps.add(step.limited(millis, bestAttempt));
    }

    private static Step waitFor(GivenFields given) {
        boolean hidden = given.flag("hidden").orElse(false);
        boolean visible = given.flag("visible").orElse(false);
        return Step.of(
                "wait-for",
                new JsonObject()
                        .put("selector", given.required("selector", given::text))
                        .put("state", hidden ? "hidden" : visible ? "visible" : "attached"));
    }

    /** Waits for an element that an answer is made of. */
    void expect(GivenFields element) {
        await(waitFor(element), limit(element));
    }

    /** Adds a step of one kind of answers. */
    void add(Step step) {
        steps.add(step);
    }

    /** An error about the contract's form, with the names of this one. */
    static Throwable renamed(Throwable e) {
        return Validation.renamed(e, NAMES);
    }
}
