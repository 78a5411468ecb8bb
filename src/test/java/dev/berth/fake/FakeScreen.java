package dev.berth.fake;

import dev.berth.browser.Screen;
import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.Watching;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.ChooseFiles;
import dev.berth.protocol.LiveCommand.Copy;
import dev.berth.protocol.LiveCommand.ReadMenu;
import dev.berth.protocol.SessionReply.PageMenu;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** Shows what a test says, and remembers what people did. */
public final class FakeScreen implements Screen {
    private static final ScreenState EMPTY = new ScreenState(List.of(), List.of(), List.of(), List.of(), "default");

    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private final List<LiveCommand<?>> did = new CopyOnWriteArrayList<>();
    private volatile ScreenState state = EMPTY;
    private volatile Function<LiveCommand<?>, Future<Void>> answer = command -> Future.succeededFuture();

    /** Somebody who is told what is on the screen. */
    public record Viewer(boolean interactive, Consumer<ScreenState> states) {}

    /** What people did, in order. */
    public List<LiveCommand<?>> did() {
        return did;
    }

    /** How commands are answered from now on. */
    public void onAct(Function<LiveCommand<?>, Future<Void>> answers) {
        answer = answers;
    }

    /** Tells all viewers, on the caller's thread. */
    public void show(ScreenState now) {
        state = now;
        viewers.forEach(viewer -> viewer.states().accept(now));
    }

    @Override
    public Watching watch(boolean interactive, Consumer<ScreenState> states) {
        Viewer viewer = new Viewer(interactive, states);
        viewers.add(viewer);
        states.accept(state);
        return () -> viewers.remove(viewer);
    }

    @Override
    public Future<Void> act(LiveCommand<?> command) {
        did.add(command);
        return answer.apply(command);
    }

    @Override
    public Future<Void> chooseFiles(ChooseFiles command, List<Buffer> contents) {
        did.add(command);
        return answer.apply(command).mapEmpty();
    }

    @Override
    public Future<String> copy(Copy command) {
        did.add(command);
        return answer.apply(command).map("copied");
    }

    @Override
    public Future<PageMenu> menu(ReadMenu command) {
        return Future.succeededFuture(new PageMenu(true, false, false));
    }
}
