package dev.berth.browser;

import dev.berth.browser.BrowserDriver.Navigated;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * What a launch gives.
 *
 * @param firstPage what comes of the first navigation, which is under way; empty where none was asked for. Completes on the
 *     browser's context, and fails as {@link BrowserDriver#navigate} does
 */
public record Launched(Browser browser, Optional<Future<Navigated>> firstPage) {}
