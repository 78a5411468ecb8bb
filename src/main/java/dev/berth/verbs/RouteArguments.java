package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.AddRoute;
import dev.berth.protocol.MockedAnswer;
import dev.berth.protocol.ResourceType;
import dev.berth.protocol.RouteAction;
import dev.berth.protocol.RouteError;
import dev.berth.protocol.RouteRule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON form of a rule for requests. What belongs to another action is refused, with the action that it belongs to. */
final class RouteArguments {
    private static final int OK = 200;

    private RouteArguments() {}

    static AddRoute read(Arguments in) {
        RouteAction action = in.choice("action", RouteAction.class, RouteAction::wireName);
        Optional<RouteError> error = in.optionalChoice("error", RouteError.class, RouteError::wireName);
        return new AddRoute(
                new RouteRule(
                        in.text("url"),
                        in.optionalTexts("methods").orElse(List.of()),
                        in.choices("types", ResourceType.class, ResourceType::wireName),
                        action,
                        answer(in, action),
                        in.textsByName("setHeaders").orElse(Map.of()),
                        in.optionalTexts("removeHeaders").orElse(List.of()),
                        in.optionalInteger("delay"),
                        action == RouteAction.FAIL ? error.or(() -> Optional.of(RouteError.FAILED)) : error,
                        in.optionalInteger("times")),
                in.timeoutMillis());
    }

    private static Optional<MockedAnswer> answer(Arguments in, RouteAction action) {
        Optional<Integer> status = in.optionalInteger("status");
        Optional<Map<String, String>> headers = in.textsByName("headers");
        Optional<String> text = in.optionalText("body");
        Optional<String> bytes = in.optionalText("bodyBase64");
        if (text.isPresent() && bytes.isPresent()) {
            throw BerthException.invalid("body and bodyBase64 must not be given both");
        }
        Optional<String> body = text.map(RouteArguments::encoded).or(() -> bytes);
        boolean given = status.isPresent() || headers.isPresent() || body.isPresent();
        return action == RouteAction.MOCK || given
                ? Optional.of(new MockedAnswer(status.orElse(OK), headers.orElse(Map.of()), body.orElse("")))
                : Optional.empty();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
