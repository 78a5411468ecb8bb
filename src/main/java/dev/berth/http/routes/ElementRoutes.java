package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.http.request.Body;
import dev.berth.http.request.SessionAccess;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.ElementState;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.SessionCommand.Action;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Browser control: what is done to elements. */
public final class ElementRoutes {
    private final SessionAccess access;

    public ElementRoutes(SessionAccess access) {
        this.access = access;
    }

    /**
     * It is done, and the page is there.
     *
     * @param note what went otherwise than it was meant
     */
    public record Acted(
            boolean success,
            String url,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> note) {
        static Acted of(ElementResult done) {
            return new Acted(true, done.url(), done.note());
        }
    }

    private Future<Acted> act(RoutingContext ctx, Action<ElementResult> action) {
        return access.act(ctx, action).map(Acted::of);
    }

    public Future<Acted> click(RoutingContext ctx) {
        Body body = Body.of(ctx);
        MouseButton button = body.text("button").flatMap(MouseButton::parse).orElse(MouseButton.LEFT);
        int count = body.integer("clickCount").orElse(1);
        return act(ctx, new Click(body.selector(), button, count, body.timeoutMillis()));
    }

    public Future<Acted> hover(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return act(ctx, new Hover(body.selector(), body.timeoutMillis()));
    }

    public Future<Acted> type(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return act(ctx, new Type(body.text("selector"), body.text("text").orElseThrow(), body.timeoutMillis()));
    }

    public Future<Acted> fill(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return act(ctx, new Fill(body.selector(), body.text("value").orElseThrow(), body.timeoutMillis()));
    }

    public Future<Acted> press(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return act(ctx, new Press(body.text("selector"), body.text("key").orElseThrow(), body.timeoutMillis()));
    }

    public Future<Acted> waitFor(RoutingContext ctx) {
        Body body = Body.of(ctx);
        ElementState state = body.text("state").flatMap(ElementState::parse).orElse(ElementState.VISIBLE);
        return act(ctx, new WaitFor(body.selector(), state, body.timeoutMillis()));
    }

    /** What is chosen now. */
    public record Selected(boolean success, String url, List<String> values) {}

    public Future<Selected> select(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return access.act(ctx, new Select(body.selector(), body.texts("values"), body.timeoutMillis()))
                .map(chosen -> new Selected(true, chosen.url(), chosen.values()));
    }

    /** Where it is scrolled to. */
    public record Scrolled(boolean success, double x, double y) {}

    public Future<Scrolled> scroll(RoutingContext ctx) {
        Body body = Body.of(ctx);
        Scroll action =
                new Scroll(body.text("selector"), body.number("x", 0), body.number("y", 0), body.timeoutMillis());
        return access.act(ctx, action).map(at -> new Scrolled(true, at.x(), at.y()));
    }
}
