package dev.berth.browser;

import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.CookieList;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.ScrollResult;
import dev.berth.protocol.ActionReply.SelectionResult;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.MetDialog;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.PageAction.UseMouse;
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

    Future<Navigated> navigate(Navigate command);

    /**
     * The outcome of a navigation.
     *
     * @param page the page's state
     * @param downloadId the {@link BrowserListener.Download#id}, if the URL was a download and not a document
     */
    record Navigated(NavigationResult page, Optional<String> downloadId) {}

    Future<NavigationResult> goBack(GoBack command);

    Future<NavigationResult> goForward(GoForward command);

    Future<NavigationResult> reload(Reload command);

    Future<ElementResult> click(Click command);

    Future<ElementResult> hover(Hover command);

    Future<ElementResult> drag(Drag command);

    Future<ElementResult> mouse(UseMouse command);

    Future<ElementResult> type(Type command);

    Future<ElementResult> fill(Fill command);

    Future<ElementResult> press(Press command);

    Future<SelectionResult> select(Select command);

    Future<ScrollResult> scroll(Scroll command);

    Future<ElementResult> waitFor(WaitFor command);

    /**
     * @param contents the contents of the command's files, in the command's order
     * @param paths of the command's named files, in the {@link UploadFolder}
     */
    Future<ElementResult> upload(Upload command, List<Buffer> contents, List<String> paths);

    /** Waits for the element. */
    Future<ElementNames> name(NameElement command);

    Future<EvaluationResult> evaluate(Evaluate command);

    Future<ContentResult> content(ReadContent command);

    Future<SnapshotResult> snapshot(TakeSnapshot command);

    /** Returns the encoded picture. */
    Future<Buffer> screenshot(TakeScreenshot command);

    Future<Buffer> pdf(PrintPdf command);

    Future<CookieList> cookies(ReadCookies command);

    Future<CookieList> setCookies(SetCookies command);

    /** Gives up the command that runs, as far as that is possible, so that the page is free for the next one. The command fails. */
    void abandon();

    /**
     * What the page has done besides since this driver was made: a command has it made, and asks when it is done. Waits until a
     * page that was opened is loaded, for a limited time. Never fails.
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
