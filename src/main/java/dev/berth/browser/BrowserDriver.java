package dev.berth.browser;

import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageOutcome.MetDialog;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.ElementNames;
import dev.berth.protocol.TaskSupport.NameElement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Carries out verbs on one page. Futures complete on the browser's context, and fail with
 * {@link dev.berth.protocol.BerthException}: {@code action_failed}, {@code invalid_argument}, {@code timeout} or
 * {@code upstream}.
 */
public interface BrowserDriver {
    /** The target id of the page. */
    String pageId();

    /** Carries out a verb whose reply is the browser's alone: one that is none of the following. */
    Future<? extends SessionReply> perform(Action<?> command);

    Future<Navigated> navigate(Navigate command);

    /**
     * The outcome of a navigation.
     *
     * @param page the page's state
     * @param downloadId the {@link BrowserListener.Download#id}, if the URL was a download and not a document
     */
    record Navigated(NavigationResult page, Optional<String> downloadId) {}

    /**
     * @param contents the contents of the command's files, in the command's order
     * @param paths of the command's named files, in the {@link UploadFolder}
     */
    Future<ElementResult> upload(Upload command, List<Buffer> contents, List<String> paths);

    /** Waits for the element. */
    Future<ElementNames> name(NameElement command);

    /** Returns the encoded picture. */
    Future<Buffer> screenshot(TakeScreenshot command);

    Future<Buffer> pdf(PrintPdf command);

    /** Gives up the command that runs, as far as that is possible, so that the page is free for the next one. The command fails. */
    void abandon();

    /**
     * The side effects of a command on the page, since this driver was made: a command has the driver made, and asks when it is done. Waits
     * until a page that was opened is loaded, for a limited time. Never fails.
     */
    Future<Consequences> consequences(long timeoutMillis);

    /**
     * @param openedPageId a page that the page opened last, and that is still open
     * @param download the latest download that it started
     * @param stopped the URL of its latest navigation that was stopped
     */
    record Consequences(
            Optional<String> openedPageId,
            Optional<StartedDownload> download,
            Optional<String> stopped,
            Optional<MetDialog> dialog) {}

    /** A download, by {@link BrowserListener.Download#id}. */
    record StartedDownload(String id, String fileName) {}
}
