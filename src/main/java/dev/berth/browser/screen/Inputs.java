package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.Pointer;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.Dialogs;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Touch;
import dev.berth.protocol.LiveCommand.TouchAction;
import dev.berth.protocol.LiveCommand.TouchPoint;
import dev.berth.protocol.LiveCommand.Wheel;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Brings what people do to the pages. */
final class Inputs {
    private static final long INPUT_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 500;
    private static final long PASTE_MILLIS = 2_000;
    /** Distance from which on Chrome takes a touch for a scroll: CSS pixels. */
    private static final double TAP_PIXELS = 15;

    private final CdpConnection connection;
    private final Pages pages;
    private final Dialogs dialogs;
    private final PageLook look;
    private final Selects selects;
    private final Pointer pointer;
    private final BiConsumer<PageTarget, Mouse> onMoved;
    private final Map<String, PageInput> byPage = new HashMap<>();

    /** @param onMoved is called when the mouse has been moved */
    Inputs(
            CdpConnection connection,
            Pages pages,
            Dialogs dialogs,
            PageLook look,
            Selects selects,
            Pointer pointer,
            BiConsumer<PageTarget, Mouse> onMoved) {
        this.connection = connection;
        this.pages = pages;
        this.dialogs = dialogs;
        this.look = look;
        this.selects = selects;
        this.pointer = pointer;
        this.onMoved = onMoved;
    }

    Future<Void> add(PageTarget page, LiveCommand<?> command) {
        return byPage.computeIfAbsent(page.targetId(), id -> new PageInput(new Target(page)))
                .add(command);
    }

    void pagesChanged() {
        byPage.entrySet().removeIf(entry -> {
            boolean gone = pages.byTarget(entry.getKey()).isEmpty();
            if (gone) {
                entry.getValue().close(Failures.failed("the page was closed"));
            }
            return gone;
        });
    }

    void close() {
        byPage.values().forEach(input -> input.close(Failures.failed("the session ended")));
        byPage.clear();
    }

    private final class Target implements PageInput.Page {
        private final PageTarget page;
        /** The point that a single finger touches, as long as the finger has not moved. */
        private Optional<TouchPoint> tap = Optional.empty();
        /** Whether the page has inserted what is pasted now. {@link PageInput} sends a command before it has the next one prepared. */
        private boolean inserted;

        Target(PageTarget page) {
            this.page = page;
        }

        @Override
        public Future<Void> prepare(LiveCommand<?> command) {
            if (command instanceof Mouse mouse && mouse.action() == MouseAction.DOWN) {
                return press(mouse);
            } else if (command instanceof Touch touch) {
                return touch(touch);
            } else if (command instanceof Key key && key.action() == KeyAction.DOWN) {
                selects.close(page.targetId());
            } else if (command instanceof Paste paste) {
                return paste(paste);
            }
            return Future.succeededFuture();
        }

        private Future<Void> press(Mouse mouse) {
            Future<?> known =
                    switch (mouse.button()) {
                        case LEFT -> selects.press(page, mouse.x(), mouse.y());
                        case RIGHT ->
                            look.call(page, LOOK_MILLIS, "watchMenu", mouse.x(), mouse.y())
                                    .otherwiseEmpty();
                        default -> Future.succeededFuture();
                    };
            return known.mapEmpty();
        }

        /** A tap becomes a click only when the finger leaves: then the list that it would open is told. */
        private Future<Void> touch(Touch touch) {
            Optional<TouchPoint> begun = tap;
            tap = switch (touch.action()) {
                case START ->
                    touch.points().stream()
                            .findFirst()
                            .filter(only -> touch.points().size() == 1);
                case MOVE -> begun.filter(first -> touch.points().stream().allMatch(point -> isNear(first, point)));
                case END, CANCEL -> Optional.empty();
            };
            return begun.filter(first -> touch.action() == TouchAction.END)
                    .map(first -> selects.press(page, first.x(), first.y()))
                    .orElseGet(Future::succeededFuture)
                    .mapEmpty();
        }

        private static boolean isNear(TouchPoint one, TouchPoint other) {
            return Math.hypot(one.x() - other.x(), one.y() - other.y()) < TAP_PIXELS;
        }

        @Override
        public Future<Void> send(LiveCommand<?> command) {
            if (page.crashed()) {
                return Future.failedFuture(Failures.crashed());
            }
            tell(command);
            Future<Void> sent = command instanceof Paste && inserted ? Future.succeededFuture() : input(command);
            if (command instanceof Mouse mouse && mouse.action() == MouseAction.MOVE) {
                sent.onSuccess(moved -> onMoved.accept(page, mouse));
            }
            return page.unlessGone(sent).recover(this::explain);
        }

        private void tell(LiveCommand<?> command) {
            if (command instanceof Mouse mouse) {
                tell(mouse.x(), mouse.y(), mouse.buttons() != 0 || mouse.action() == MouseAction.DOWN);
            } else if (command instanceof Wheel wheel) {
                tell(wheel.x(), wheel.y(), false);
            } else if (command instanceof Touch touch && !touch.points().isEmpty()) {
                tell(touch.points().get(0).x(), touch.points().get(0).y(), true);
            }
        }

        private void tell(double x, double y, boolean pressed) {
            pointer.tell(new Pointer.Moved(page.targetId(), x, y, pressed));
        }

        /** Explains a failed command. A command that opened a dialog is answered only once the dialog is: its timeout is no failure. */
        private Future<Void> explain(Throwable e) {
            return dialogs.isOpen(page.sessionId()) ? Future.succeededFuture() : Failures.told(e);
        }

        /**
         * Editors insert by themselves what they are told of; where none does, Chrome inserts. Later input must not reach the page before
         * the paste.
         */
        private Future<Void> paste(Paste paste) {
            return look.call(page, PASTE_MILLIS, "paste", paste.text())
                    .map(told -> !told.getBoolean("value", true))
                    .otherwise(false)
                    .map(byPage -> {
                        inserted = byPage;
                        return null;
                    });
        }

        private Future<Void> input(LiveCommand<?> command) {
            InputEvents event = InputEvents.of(command);
            return connection
                    .send(page.sessionId(), "Input." + event.method(), event.params(), INPUT_MILLIS)
                    .mapEmpty();
        }
    }
}
