package dev.berth.live;

import dev.berth.limits.Rate;
import dev.berth.live.FileIntake.Received;
import dev.berth.live.ViewerMessage.Act;
import dev.berth.live.ViewerMessage.Copy;
import dev.berth.live.ViewerMessage.Drive;
import dev.berth.live.ViewerMessage.Files;
import dev.berth.live.ViewerMessage.Follow;
import dev.berth.live.ViewerMessage.Lead;
import dev.berth.live.ViewerMessage.Show;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.ReadMenu;
import dev.berth.websocket.FrameReader;
import dev.berth.websocket.FrameReader.Violation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Reads what a viewer sends, and does it. Rubbish is answered by an error a few times. On the viewer's event loop. */
final class ViewerInput implements FrameReader.Listener {
    static final int MAX_TEXT_BYTES = 64 << 10;
    private static final int VIOLATED_POLICY = 1008;
    /** Showing another page makes Chrome begin another screencast. */
    private static final double SHOW_COST = 60;
    /** Opening a page, or going elsewhere, is an entry of the action log, and work for Chrome. */
    private static final double DRIVE_COST = 30;
    /** The characters that count as a further message. */
    private static final double CHARS_OF_ONE = 1_000;

    private final ViewedSession session;
    private final Rights rights;
    private final ViewerOutput output;
    private final FileKeeping keeping;
    private final InputSender sender;
    private final ViewedTasks tasks;
    private final FileIntake files;
    private final FrameReader reader = new FrameReader(this);
    private Buffer message = Buffer.buffer();
    private boolean binary;
    private final Controls controls;
    /** Some 300 messages a second: a fast mouse sends 125, a screen that is touched by several fingers some more. */
    private final Rate pace;

    private final Rate rubbish;
    /** Whether a page is being given files, which are in memory until then. */
    private boolean giving;

    private boolean over;

    /** The effects of WebSocket control frames on the socket. */
    interface Controls {
        void pong(byte[] payload);

        void closes(byte[] payload);
    }

    ViewerInput(
            ViewedSession session,
            Rights rights,
            ViewerOutput output,
            FileKeeping keeping,
            ViewedTasks tasks,
            FileIntake files,
            Controls controls) {
        this.session = session;
        this.rights = rights;
        this.output = output;
        this.keeping = keeping;
        this.tasks = tasks;
        this.controls = controls;
        this.sender = new InputSender(session, this::tellError);
        this.files = files;
        this.pace = new Rate(600, 300, System.nanoTime());
        this.rubbish = new Rate(10, 0.5, System.nanoTime());
    }

    /** Throws {@link Violation}, after which nothing can be read any further. */
    void feed(Buffer chunk) {
        reader.feed(chunk.getBytes(), 0);
    }

    /** How long to wait before more is read. */
    long restMillis() {
        return pace.restMillis(System.nanoTime());
    }

    /** To be called once in a while. Throws {@link Violation}. */
    void beat() {
        if (files.isTooSlow(System.nanoTime())) {
            throw new Violation(VIOLATED_POLICY, "the files did not arrive");
        }
    }

    /** Ends the input: from now on messages are ignored. A viewer that leaves holds nothing any more. */
    void end() {
        over = true;
        sender.letGo();
        if (!giving) {
            files.release();
        }
    }

    @Override
    public int begins(boolean isBinary) {
        binary = isBinary;
        if (binary && files.nextBytes() == 0) {
            throw new Violation(1003, "no binary message was announced");
        }
        return binary ? files.nextBytes() : MAX_TEXT_BYTES;
    }

    @Override
    public void part(byte[] bytes, int from, int to) {
        message.appendBytes(bytes, from, to - from);
    }

    @Override
    public boolean ends() {
        Buffer whole = message;
        message = Buffer.buffer();
        if (!over && binary) {
            files.add(whole).ifPresent(this::give);
        } else if (!over) {
            read(whole.toString());
        }
        return true;
    }

    private void read(String message) {
        pace.take(1 + message.length() / CHARS_OF_ONE, System.nanoTime());
        try {
            ViewerMessage read = MessageForms.read(message, output.shown().orElse(""));
            if (!rights.interactive() && !read.isForWatching()) {
                throw BerthException.invalid("this link is for watching only");
            }
            perform(read);
        } catch (BerthException e) {
            refuse(e.getMessage());
        }
    }

    private void refuse(String why) {
        if (!rubbish.take(1, System.nanoTime())) {
            throw new Violation(VIOLATED_POLICY, "too many invalid messages: " + why);
        }
        tellError(why);
    }

    private void tellError(String why) {
        output.tell(StateMessages.message("error").put("message", why));
    }

    private void perform(ViewerMessage message) {
        if (message instanceof Act act) {
            sender.act(act.command(), act.frequent());
            if (act.command() instanceof Mouse mouse
                    && mouse.action() == MouseAction.DOWN
                    && mouse.button() == Button.RIGHT) {
                tellMenu(mouse);
            }
        } else if (message instanceof Drive drive) {
            pace.take(DRIVE_COST, System.nanoTime());
            sender.drive(() -> session.ask(drive.pageId(), drive.command()));
        } else if (message instanceof Copy copy) {
            sender.driveNext(() -> session.ask(new LiveCommand.Copy(copy.pageId())))
                    .onSuccess(copied ->
                            output.tell(StateMessages.message("copied").put("text", copied.text())));
        } else if (message instanceof Lead lead) {
            lead(lead);
        } else if (message instanceof Show show) {
            show(show.pageId());
        } else if (message instanceof Follow) {
            payForShowing();
            output.follow();
        } else if (message instanceof Files announced) {
            begin(announced);
        }
    }

    private void tellMenu(Mouse press) {
        pace.take(DRIVE_COST, System.nanoTime());
        sender.driveNext(() -> session.ask(new ReadMenu(press.pageId(), press.x(), press.y())))
                .onSuccess(menu -> {
                    if (menu.open()) {
                        output.tell(StateMessages.message("contextMenu")
                                .put("pageId", press.pageId())
                                .put("x", press.x())
                                .put("y", press.y())
                                .put("editable", menu.editable())
                                .put("selected", menu.selected()));
                    }
                });
    }

    private void lead(Lead lead) {
        if (!rights.leads()) {
            throw BerthException.invalid("this link can't answer or cancel tasks");
        }
        pace.take(DRIVE_COST, System.nanoTime());
        sender.drive(() -> tasks.ask(lead.taskId(), lead.command()));
    }

    private void show(String pageId) {
        if (!output.state().has(pageId)) {
            throw BerthException.invalid("the session has no open page with this id");
        }
        payForShowing();
        output.show(pageId);
    }

    /** Charges for showing a page, and refuses it beyond the pace: many messages in one read can't be held up by reading no further. */
    private void payForShowing() {
        if (restMillis() > 0) {
            throw BerthException.invalid("you switch pages too often");
        }
        pace.take(SHOW_COST, System.nanoTime());
    }

    // Files

    private void begin(Files announced) {
        if (files.isBusy()) {
            throw BerthException.invalid("other files are still being sent");
        }
        if (!output.state().waitsForFiles(announced.chooserId())) {
            throw BerthException.invalid("no page is waiting for these files");
        }
        files.begin(announced, System.nanoTime()).ifPresent(this::give);
    }

    private void give(Received set) {
        giving = true;
        sender.drive(() -> keeping.store(session.id(), set.files()).compose(stored -> choose(set.asked(), stored)))
                .onComplete(done -> {
                    giving = false;
                    files.release();
                });
    }

    private Future<?> choose(Files asked, List<UploadedFile> stored) {
        return session.ask(new LiveCommand.ChooseFiles(asked.pageId(), asked.chooserId(), stored))
                .onFailure(e -> keeping.discard(stored));
    }

    @Override
    public void ping(byte[] payload) {
        pace.take(1, System.nanoTime());
        controls.pong(payload);
    }

    @Override
    public void close(byte[] payload) {
        controls.closes(payload);
    }
}
