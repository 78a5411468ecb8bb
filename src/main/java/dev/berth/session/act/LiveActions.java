package dev.berth.session.act;

import dev.berth.browser.Screen;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.ChooseFiles;
import dev.berth.protocol.LiveCommand.Copy;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.ReadMenu;
import dev.berth.protocol.LiveCommand.Wheel;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.CopiedText;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out what people do on the screen, at once, and has it logged. Runs on the session's context. */
public final class LiveActions {
    private final Screen screen;
    private final Scheduler scheduler;
    private final ArtifactKeeper keeper;
    private final ActionLog actions;
    private final RecordedActs acts;
    private final InputRest input;

    public LiveActions(
            Screen screen, Scheduler scheduler, ArtifactKeeper keeper, ActionLog actions, RecordedActs acts) {
        this.screen = screen;
        this.scheduler = scheduler;
        this.keeper = keeper;
        this.actions = actions;
        this.input = new InputRest(scheduler);
        this.acts = acts;
    }

    /** Completes when the page has taken it; its entry in the log may come a little later. */
    public Future<? extends SessionReply> perform(LiveCommand<?> command, Envelope envelope) {
        if (!isMove(command)) {
            actions.causedBy(envelope.source());
            input.acted();
        }
        return act(command, envelope);
    }

    /** A person does something elsewhere than on the screen, in the address bar for example. */
    public void acted() {
        input.acted();
    }

    /** Completes when people rest, or when the command's time is over. */
    public Future<SessionReply.HandsRest> rest(AwaitNoHands command) {
        return input.await(command);
    }

    private static boolean isMove(LiveCommand<?> command) {
        return command instanceof Wheel || command instanceof Mouse mouse && mouse.action() == MouseAction.MOVE;
    }

    private Future<? extends SessionReply> act(LiveCommand<?> command, Envelope envelope) {
        Instant begun = scheduler.now();
        if (command instanceof Copy copy) {
            return screen.copy(copy).map(text -> {
                acts.did(entry("copy", copy, "characters", text.length(), envelope, begun));
                return new CopiedText(text);
            });
        } else if (command instanceof ReadMenu read) {
            return screen.menu(read);
        } else if (command instanceof ChooseFiles choose) {
            return chooseFiles(choose).map(given -> {
                List<String> names =
                        choose.files().stream().map(UploadedFile::name).toList();
                acts.did(entry("upload", choose, "files", names, envelope, begun));
                return new Acknowledged();
            });
        }
        return screen.act(command).map(new Acknowledged());
    }

    private Future<Void> chooseFiles(ChooseFiles choose) {
        return choose.files().isEmpty()
                ? screen.chooseFiles(choose, List.of())
                : keeper.give(
                        choose.files().stream().map(UploadedFile::artifact).toList(),
                        choose.pageId(),
                        contents -> screen.chooseFiles(choose, contents));
    }

    private ActionEntry entry(
            String type, LiveCommand<?> command, String name, Object value, Envelope envelope, Instant begun) {
        return new ActionEntry(
                ActionEntry.newId(),
                type,
                begun,
                true,
                Map.of(LiveCommand.PAGE_ID, command.pageId(), name, value),
                Duration.between(begun, scheduler.now()).toMillis(),
                envelope.source(),
                Optional.empty(),
                envelope.cost());
    }
}
