package dev.berth.http.oneshot;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.protocol.PageAction.Evaluate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The one-shots of the contract. */
public enum OneShotKind {
    SCREENSHOT("takeScreenshot", Optional.of("image"), verb("screenshot")),
    PDF("printPdf", Optional.of("application"), verb("pdf")),
    CONTENT("readContent", Optional.of("text"), verb("content")),
    LINKS("readLinks", Optional.empty(), arguments -> new Step(millis -> new Evaluate(PageScripts.LINKS, millis))),
    SCRAPE("scrape", Optional.empty(), arguments -> {
        String script = PageScripts.scrape(selectors(arguments.getJsonArray("elements")));
        return new Step(millis -> new Evaluate(script, millis));
    });

    private final String operationId;
    private final Optional<String> plainType;
    private final Function<JsonObject, Step> work;

    OneShotKind(String operationId, Optional<String> plainType, Function<JsonObject, Step> work) {
        this.operationId = operationId;
        this.plainType = plainType;
        this.work = work;
    }

    public String operationId() {
        return operationId;
    }

    /** The first part of the media type of its plain answer; empty where it has JSON only. */
    Optional<String> plainType() {
        return plainType;
    }

    /** The step that gives the answer, of the arguments that only this one-shot has. */
    Step work(JsonObject arguments) {
        return work.apply(arguments);
    }

    private static Function<JsonObject, Step> verb(String name) {
        return arguments -> Step.of(name, arguments);
    }

    private static List<String> selectors(JsonArray elements) {
        return elements.stream()
                .map(element -> ((JsonObject) element).getString("selector"))
                .toList();
    }
}
