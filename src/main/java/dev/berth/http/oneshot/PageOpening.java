package dev.berth.http.oneshot;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps that open the page of a one-shot. They throw {@link BerthException} where the page can't be opened so. */
public final class PageOpening {
    /** Longer texts are sent in parts: with each character escaped, a part is as long as a script of {@code evaluate} may be. */
    private static final int MAX_PART_CHARS = (1 << 20) / 8;

    private PageOpening() {}

    /** Opens {@code url}, or a page of {@code html}; a client gives one of the two. */
    public static List<Step> of(Optional<String> url, Optional<String> html, WaitUntil until) {
        if (url.isPresent() == html.isPresent()) {
            throw BerthException.invalid("give either url, the page to open, or html, the text of a page");
        }
        return url.map(page -> List.of(url(page, until))).orElseGet(() -> html(html.get(), until));
    }

    private static Step url(String url, WaitUntil until) {
        return Step.of("navigate", new JsonObject().put("url", resolved(url)).put("waitUntil", until.wireName()));
    }

    private static String resolved(String url) {
        try {
            return PageUrl.resolve(url);
        } catch (BerthException e) {
            throw new BerthException(e.code(), "url: " + e.getMessage(), e);
        }
    }

    private static List<Step> html(String html, WaitUntil until) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        while (html.length() - from > MAX_PART_CHARS) {
            int to = from + MAX_PART_CHARS;
            to -= Character.isHighSurrogate(html.charAt(to - 1)) ? 1 : 0;
            steps.add(evaluate(PageScripts.keepHtml(html.substring(from, to))));
            from = to;
        }
        steps.add(evaluate(PageScripts.setHtml(html.substring(from), until)));
        return steps;
    }

    private static Step evaluate(String script) {
        return new Step(millis -> new Evaluate(script, millis));
    }
}
