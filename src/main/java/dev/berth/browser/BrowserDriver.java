package dev.berth.browser;

import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionCommand.GoBack;
import dev.berth.protocol.SessionCommand.GoForward;
import dev.berth.protocol.SessionCommand.Navigate;
import dev.berth.protocol.SessionCommand.Reload;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import dev.berth.protocol.SessionReply.EvaluationResult;
import dev.berth.protocol.SessionReply.NavigationResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * What can be done to the active page. Futures complete on the browser's context, and fail with
 * {@link dev.berth.protocol.BerthException}: {@code action_failed}, {@code timeout} or {@code upstream}.
 */
public interface BrowserDriver {
    Future<NavigationResult> navigate(Navigate command);

    Future<NavigationResult> goBack(GoBack command);

    Future<NavigationResult> goForward(GoForward command);

    Future<NavigationResult> reload(Reload command);

    /** The encoded picture. */
    Future<Buffer> screenshot(TakeScreenshot command);

    Future<EvaluationResult> evaluate(Evaluate command);
}
