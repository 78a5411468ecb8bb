package dev.berth.browser;

import dev.berth.protocol.SessionCommand.Click;
import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionCommand.Fill;
import dev.berth.protocol.SessionCommand.GoBack;
import dev.berth.protocol.SessionCommand.GoForward;
import dev.berth.protocol.SessionCommand.Hover;
import dev.berth.protocol.SessionCommand.Navigate;
import dev.berth.protocol.SessionCommand.Press;
import dev.berth.protocol.SessionCommand.PrintPdf;
import dev.berth.protocol.SessionCommand.ReadContent;
import dev.berth.protocol.SessionCommand.ReadCookies;
import dev.berth.protocol.SessionCommand.Reload;
import dev.berth.protocol.SessionCommand.Scroll;
import dev.berth.protocol.SessionCommand.Select;
import dev.berth.protocol.SessionCommand.SetCookies;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import dev.berth.protocol.SessionCommand.TakeSnapshot;
import dev.berth.protocol.SessionCommand.Type;
import dev.berth.protocol.SessionCommand.Upload;
import dev.berth.protocol.SessionCommand.WaitFor;
import dev.berth.protocol.SessionReply.ContentResult;
import dev.berth.protocol.SessionReply.CookieList;
import dev.berth.protocol.SessionReply.ElementResult;
import dev.berth.protocol.SessionReply.EvaluationResult;
import dev.berth.protocol.SessionReply.NavigationResult;
import dev.berth.protocol.SessionReply.ScrollResult;
import dev.berth.protocol.SessionReply.SelectionResult;
import dev.berth.protocol.SessionReply.SnapshotResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * What can be done to the active page. Futures complete on the browser's context, and fail with
 * {@link dev.berth.protocol.BerthException}: {@code action_failed}, {@code invalid_argument}, {@code timeout} or
 * {@code upstream}.
 */
public interface BrowserDriver {
    Future<Navigated> navigate(Navigate command);

    /**
     * What came of a URL.
     *
     * @param page where the page is
     * @param downloadId names the download that it became: {@link BrowserListener.Download#id}
     */
    record Navigated(NavigationResult page, Optional<String> downloadId) {}

    Future<NavigationResult> goBack(GoBack command);

    Future<NavigationResult> goForward(GoForward command);

    Future<NavigationResult> reload(Reload command);

    Future<ElementResult> click(Click command);

    Future<ElementResult> hover(Hover command);

    Future<ElementResult> type(Type command);

    Future<ElementResult> fill(Fill command);

    Future<ElementResult> press(Press command);

    Future<SelectionResult> select(Select command);

    Future<ScrollResult> scroll(Scroll command);

    Future<ElementResult> waitFor(WaitFor command);

    /** @param contents of the command's files, in their order */
    Future<ElementResult> upload(Upload command, List<Buffer> contents);

    Future<EvaluationResult> evaluate(Evaluate command);

    Future<ContentResult> content(ReadContent command);

    Future<SnapshotResult> snapshot(TakeSnapshot command);

    /** The encoded picture. */
    Future<Buffer> screenshot(TakeScreenshot command);

    Future<Buffer> pdf(PrintPdf command);

    Future<CookieList> cookies(ReadCookies command);

    Future<CookieList> setCookies(SetCookies command);
}
