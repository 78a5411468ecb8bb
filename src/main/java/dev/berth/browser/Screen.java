package dev.berth.browser;

import dev.berth.browser.Screencast.Watching;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.SessionReply.PageMenu;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;

/** A browser as people see and use it, besides the pictures ({@link Screencast}). On the browser's context. */
public interface Screen {
    /**
     * Tells what is on the screen: at once, and then each time that something of it changes.
     *
     * @param interactive whether it is for somebody who can act: while there is one, JavaScript dialogs wait for an answer for some
     *     time, and choosers of files come here
     * @param states is called on the browser's context, and returns at once
     */
    Watching watch(boolean interactive, Consumer<ScreenState> states);

    /**
     * Does what a person does; in the order of the calls for each page. Completes when the page has taken it, and fails with
     * {@link dev.berth.protocol.BerthException}.
     *
     * @param command any but {@link LiveCommand.Copy}, {@link LiveCommand.ReadMenu} and {@link LiveCommand.ChooseFiles}
     */
    Future<Void> act(LiveCommand<?> command);

    /** Gives files to a page that waits for them. */
    Future<Void> chooseFiles(LiveCommand.ChooseFiles command, List<Buffer> contents);

    /** The text that is selected on a page. */
    Future<String> copy(LiveCommand.Copy command);

    /** Whether the page left the latest press of the right mouse button to the browser. */
    Future<PageMenu> menu(LiveCommand.ReadMenu command);
}
