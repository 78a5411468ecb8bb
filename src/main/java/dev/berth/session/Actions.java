package dev.berth.session;

import dev.berth.browser.BrowserDriver;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionCommand.GoBack;
import dev.berth.protocol.SessionCommand.GoForward;
import dev.berth.protocol.SessionCommand.Navigate;
import dev.berth.protocol.SessionCommand.Reload;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.NavigationResult;
import dev.berth.protocol.SessionReply.ScreenshotTaken;
import dev.berth.protocol.WaitUntil;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/** Does each action with the browser's hands, and tells its part of the log. */
final class Actions {
    private static final int MAX_LOGGED_SCRIPT_CHARS = 4_096;

    private final BrowserDriver driver;
    private final Screenshotter screenshotter;

    Actions(BrowserDriver driver, Screenshotter screenshotter) {
        this.driver = driver;
        this.screenshotter = screenshotter;
    }

    /** The verb, as it stands in the log. */
    static String type(SessionCommand.Action<?> action) {
        if (action instanceof Navigate) {
            return "navigate";
        } else if (action instanceof GoBack) {
            return "go-back";
        } else if (action instanceof GoForward) {
            return "go-forward";
        } else if (action instanceof Reload) {
            return "reload";
        } else if (action instanceof TakeScreenshot) {
            return "screenshot";
        } else if (action instanceof Evaluate) {
            return "evaluate";
        }
        throw new IllegalArgumentException("unknown action " + action);
    }

    /** What was asked for. */
    static Map<String, Object> request(SessionCommand.Action<?> action) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (action instanceof Navigate navigate) {
            details.put("url", navigate.url());
            details.put("waitUntil", navigate.waitUntil().wireName());
        } else if (action instanceof GoBack back) {
            details.put("waitUntil", back.waitUntil().wireName());
        } else if (action instanceof GoForward forward) {
            details.put("waitUntil", forward.waitUntil().wireName());
        } else if (action instanceof Reload reload) {
            details.put("waitUntil", reload.waitUntil().wireName());
        } else if (action instanceof TakeScreenshot screenshot) {
            details.put("format", screenshot.format().wireName());
            details.put("fullPage", screenshot.fullPage());
            screenshot.selector().ifPresent(selector -> details.put("selector", selector));
        } else if (action instanceof Evaluate evaluate) {
            details.put("expression", brief(evaluate.expression()));
        }
        return details;
    }

    /** What came of it. */
    static Map<String, Object> outcome(SessionReply reply) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (reply instanceof NavigationResult result) {
            details.put("finalUrl", result.url());
            details.put("navigated", result.navigated());
            result.status().ifPresent(status -> details.put("status", status));
        } else if (reply instanceof ScreenshotTaken taken) {
            details.put("objectId", taken.artifact().objectId());
            details.put("size", taken.artifact().size());
        }
        return details;
    }

    private static String brief(String script) {
        return script.length() <= MAX_LOGGED_SCRIPT_CHARS ? script : script.substring(0, MAX_LOGGED_SCRIPT_CHARS) + "…";
    }

    /** Does it. Fails with {@link BerthException}. */
    Future<? extends SessionReply> perform(SessionCommand.Action<?> action) {
        if (action instanceof Navigate navigate) {
            return driver.navigate(navigate);
        } else if (action instanceof GoBack back) {
            return driver.goBack(back);
        } else if (action instanceof GoForward forward) {
            return driver.goForward(forward);
        } else if (action instanceof Reload reload) {
            return driver.reload(reload);
        } else if (action instanceof TakeScreenshot screenshot) {
            return driver.screenshot(screenshot).compose(bytes -> screenshotter.keep(screenshot, bytes));
        } else if (action instanceof Evaluate evaluate) {
            return driver.evaluate(evaluate);
        }
        throw new IllegalArgumentException("unknown action " + action);
    }

    /** The action with which a session opens what it was created for. */
    static Navigate opening(String url) {
        return new Navigate(url, WaitUntil.LOAD, 60_000);
    }
}
