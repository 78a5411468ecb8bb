package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.InputSources;
import dev.berth.browser.Pointer;
import dev.berth.browser.Screen;
import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.Watching;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.ChromeWatcher;
import dev.berth.browser.watch.page.Dialogs;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.AnswerDialog;
import dev.berth.protocol.LiveCommand.ChooseFiles;
import dev.berth.protocol.LiveCommand.ChooseOptions;
import dev.berth.protocol.LiveCommand.Copy;
import dev.berth.protocol.LiveCommand.ReadMenu;
import dev.berth.protocol.SessionReply.PageMenu;
import dev.berth.protocol.Truncation;
import dev.berth.protocol.UrlCredentials;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The screen of a Chrome: what it shows, told as one value each time that something changes, and what people do. */
public final class ChromeScreen implements Screen {
    private static final Logger log = LoggerFactory.getLogger(ChromeScreen.class);
    private static final int MAX_PAGES = 200;
    private static final int MAX_TITLE_CHARS = 300;
    private static final int MAX_URL_CHARS = 2_048;
    private static final int MAX_MESSAGE_CHARS = 4_096;
    private static final long COPY_MILLIS = 5_000;

    private final Context context;
    private final Pages pages;
    private final Dialogs dialogs;
    private final PageLook look;
    private final Choosers choosers;
    private final Selects selects;
    private final Cursor cursor;
    private final Inputs inputs;
    private final InputSources sources;
    /** By identity: two viewers may give the same lambda. */
    private final Set<ScreenViewer> viewers = Collections.newSetFromMap(new IdentityHashMap<>());

    private Optional<ScreenState> told = Optional.empty();
    private boolean telling;

    /**
     * @param context the browser's
     * @param connection the eyes'
     * @param pointer is told of what people do with it
     */
    public ChromeScreen(
            Context context,
            Vertx vertx,
            CdpConnection connection,
            ChromeWatcher watcher,
            BrowserFiles files,
            Pointer pointer) {
        this.context = context;
        this.pages = watcher.pages();
        this.dialogs = watcher.dialogs();
        this.look = new PageLook(connection);
        this.choosers = new Choosers(connection, pages, files, this::changed);
        this.selects = new Selects(look, pages, this::changed);
        this.cursor = new Cursor(vertx, look, this::changed);
        this.sources = watcher.inputSources();
        this.inputs = new Inputs(connection, pages, dialogs, look, selects, pointer, this::moved);
        watcher.onFileChooser(choosers::opened);
        dialogs.onChange(this::changed);
        pages.onChange(this::pagesChanged);
    }

    private record ScreenViewer(boolean interactive, Consumer<ScreenState> states) {}

    @Override
    public Watching watch(boolean interactive, Consumer<ScreenState> states) {
        ScreenViewer viewer = new ScreenViewer(interactive, states);
        viewers.add(viewer);
        attend();
        tell(viewer, state());
        return () -> {
            if (viewers.remove(viewer)) {
                attend();
            }
        };
    }

    private boolean isAttended() {
        return viewers.stream().anyMatch(ScreenViewer::interactive);
    }

    private void attend() {
        dialogs.attend(isAttended());
        choosers.attend(isAttended());
    }

    private void pagesChanged() {
        inputs.pagesChanged();
        choosers.pagesChanged();
        changed();
    }

    private void moved(PageTarget page, LiveCommand.Mouse mouse) {
        if (isAttended()) {
            cursor.moved(page, mouse.x(), mouse.y());
        }
    }

    /** All that changes together is told together. */
    private void changed() {
        if (!telling && !viewers.isEmpty()) {
            telling = true;
            context.runOnContext(ignored -> {
                telling = false;
                tell();
            });
        }
    }

    private void tell() {
        ScreenState now = state();
        if (!told.equals(Optional.of(now))) {
            told = Optional.of(now);
            List.copyOf(viewers).stream().filter(viewers::contains).forEach(viewer -> tell(viewer, now));
        }
    }

    private static void tell(ScreenViewer viewer, ScreenState state) {
        try {
            viewer.states().accept(state);
        } catch (RuntimeException e) {
            log.error("a screen change could not be handled", e);
        }
    }

    private ScreenState state() {
        Optional<PageTarget> active = pages.active();
        List<ScreenState.Page> shown = pages.open().stream()
                .limit(MAX_PAGES)
                .map(page -> new ScreenState.Page(
                        page.targetId(),
                        Truncation.cut(page.title(), MAX_TITLE_CHARS),
                        Truncation.cut(UrlCredentials.redact(page.url()), MAX_URL_CHARS),
                        active.filter(page::equals).isPresent()))
                .toList();
        List<ScreenState.Dialog> waiting = dialogs.open().stream()
                .map(dialog -> new ScreenState.Dialog(
                        dialog.pageId(),
                        dialog.type(),
                        Truncation.cut(dialog.message(), MAX_MESSAGE_CHARS),
                        Truncation.cut(dialog.defaultPrompt(), MAX_MESSAGE_CHARS)))
                .toList();
        return new ScreenState(shown, waiting, choosers.open(), selects.open(), cursor.name());
    }

    @Override
    public Future<Void> act(LiveCommand<?> command) {
        return on(command, page -> {
            if (command instanceof AnswerDialog answer) {
                return dialogs.answer(page, answer.accept(), answer.promptText());
            } else if (command instanceof ChooseOptions choose) {
                return uses(page).compose(told -> selects.choose(page, choose));
            }
            return isHover(command) ? inputs.add(page, command) : uses(page).compose(told -> inputs.add(page, command));
        });
    }

    /** A page tells nothing of it. A move of a drag must not overtake the press. */
    private static boolean isHover(LiveCommand<?> command) {
        return command instanceof LiveCommand.Mouse mouse
                && mouse.action() == LiveCommand.MouseAction.MOVE
                && mouse.buttons() == 0;
    }

    private Future<Void> uses(PageTarget page) {
        return sources.uses(page.targetId(), ActionSource.LIVE);
    }

    @Override
    public Future<Void> chooseFiles(ChooseFiles command, List<Buffer> contents) {
        return on(command, page -> uses(page).compose(told -> choosers.choose(page, command, contents)));
    }

    @Override
    public Future<String> copy(Copy command) {
        return on(
                command,
                page -> look.call(page, COPY_MILLIS, "copy")
                        .map(copied -> copied.getString("value", ""))
                        .recover(Failures::told));
    }

    @Override
    public Future<PageMenu> menu(ReadMenu command) {
        return on(
                command,
                page -> look.call(page, COPY_MILLIS, "menu", command.x(), command.y())
                        .map(told -> menu(Optional.ofNullable(told.getJsonObject("value"))))
                        .recover(Failures::told));
    }

    private static PageMenu menu(Optional<JsonObject> open) {
        return new PageMenu(
                open.isPresent(),
                open.map(menu -> menu.getBoolean("editable")).orElse(false),
                open.map(menu -> menu.getBoolean("selected")).orElse(false));
    }

    private <T> Future<T> on(LiveCommand<?> command, Function<PageTarget, Future<T>> action) {
        return pages.byTarget(command.pageId())
                .map(action)
                .orElseGet(() -> Future.failedFuture(Failures.failed("the session has no such page open")));
    }

    public void close() {
        viewers.clear();
        inputs.close();
    }
}
