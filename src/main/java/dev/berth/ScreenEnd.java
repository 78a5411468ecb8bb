package dev.berth;

import dev.berth.browser.ScreenFrame;
import dev.berth.browser.Screencast.Watching;
import dev.berth.browser.Screens;
import dev.berth.live.ScreenState;
import dev.berth.live.SessionScreen;
import dev.berth.protocol.SessionId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A session's browser as the screen that viewers see. */
record ScreenEnd(Screens.Shown shown) implements SessionScreen {
    /** Fast enough for people, and a third of what Chrome would make. */
    private static final int FRAMES_PER_SECOND = 20;

    static Optional<SessionScreen> find(Screens screens, SessionId id) {
        return screens.find(id).map(ScreenEnd::new);
    }

    @Override
    public Runnable watch(Optional<String> page, Consumer<Frame> frames) {
        return onBrowser(() ->
                shown.browser().screencast().watch(page, FRAMES_PER_SECOND, frame -> frames.accept(frame(frame))));
    }

    private static Frame frame(ScreenFrame frame) {
        return new Frame(frame.pageId(), frame.jpeg(), frame.at(), frame.width(), frame.height());
    }

    @Override
    public Runnable listen(boolean interactive, Consumer<ScreenState> states) {
        return onBrowser(() -> shown.browser().screen().watch(interactive, state -> states.accept(state(state))));
    }

    private static ScreenState state(dev.berth.browser.ScreenState state) {
        return new ScreenState(
                state.pages().stream()
                        .map(page -> new ScreenState.Page(page.pageId(), page.title(), page.url(), page.active()))
                        .toList(),
                state.dialogs().stream()
                        .map(dialog -> new ScreenState.Dialog(
                                dialog.pageId(), dialog.kind(), dialog.message(), dialog.defaultPrompt()))
                        .toList(),
                state.choosers().stream()
                        .map(chooser -> new ScreenState.Chooser(
                                chooser.pageId(), chooser.chooserId(), chooser.multiple(), chooser.accept()))
                        .toList(),
                state.selects().stream().map(ScreenEnd::select).toList(),
                state.cursor());
    }

    private static ScreenState.Select select(dev.berth.browser.ScreenState.Select select) {
        var place = select.place();
        return new ScreenState.Select(
                select.pageId(),
                select.selectId(),
                select.options().stream()
                        .map(option -> new ScreenState.Option(option.label(), option.disabled(), option.group()))
                        .toList(),
                select.selected(),
                select.multiple(),
                new ScreenState.Rectangle(place.x(), place.y(), place.width(), place.height()));
    }

    /** Begins something on the browser's context. The result ends it there. */
    private Runnable onBrowser(Supplier<Watching> begin) {
        AtomicReference<Watching> begun = new AtomicReference<>(() -> {});
        shown.context().runOnContext(ignored -> begun.set(begin.get()));
        return () -> shown.context().runOnContext(ignored -> begun.get().close());
    }
}
