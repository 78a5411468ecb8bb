package dev.berth.browser;

import dev.berth.browser.BrowserDriver.Navigated;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A launched browser.
 *
 * @param firstPage the outcome of the first navigation, which is in progress; empty if none was asked for. Completes on the
 *     browser's context, and fails as {@link BrowserDriver#navigate} does
 */
public record Launched(Browser browser, Optional<Future<Navigated>> firstPage) {}
