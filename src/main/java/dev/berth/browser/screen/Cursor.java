package dev.berth.browser.screen;

import dev.berth.browser.watch.page.PageTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.regex.Pattern;

/** The shape of the mouse pointer where people have moved it, looked up at a bounded rate. */
final class Cursor {
    static final String DEFAULT = "default";
    private static final long PERIOD_MILLIS = 100;
    private static final long LOOK_MILLIS = 1_000;
    private static final Pattern NAME = Pattern.compile("[a-z-]{1,20}");

    private final Vertx vertx;
    private final PageLook look;
    private final Runnable onChange;
    private Optional<CursorPlace> moved = Optional.empty();
    private boolean looking;
    private String name = DEFAULT;

    private record CursorPlace(PageTarget page, double x, double y) {}

    Cursor(Vertx vertx, PageLook look, Runnable onChange) {
        this.vertx = vertx;
        this.look = look;
        this.onChange = onChange;
    }

    String name() {
        return name;
    }

    void moved(PageTarget page, double x, double y) {
        moved = Optional.of(new CursorPlace(page, x, y));
        lookUp();
    }

    private void lookUp() {
        if (looking || moved.isEmpty()) {
            return;
        }
        looking = true;
        at(moved.get()).onComplete(known -> {
            if (known.succeeded() && !known.result().equals(name)) {
                name = known.result();
                onChange.run();
            }
            vertx.setTimer(PERIOD_MILLIS, again -> {
                looking = false;
                lookUp();
            });
        });
        moved = Optional.empty();
    }

    /** The pointer's name in CSS; a page's styles may give any text instead. */
    private Future<String> at(CursorPlace place) {
        return look.call(place.page(), LOOK_MILLIS, "cursor", place.x(), place.y())
                .map(told -> told.getString("value", ""))
                .map(told -> NAME.matcher(told).matches() ? told : DEFAULT);
    }
}
