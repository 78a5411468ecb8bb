package dev.berth.browser.drive;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.Arrivals.Stays;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.RouteEntry.RouteError;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends pages to URLs. Lives on the browser's context. */
final class Navigations {
    private static final long SAME_DOCUMENT_MILLIS = 1_000;
    private static final long DOWNLOAD_MILLIS = 1_000;
    private static final long ANSWER_MILLIS = 1_000;
    /** Chrome's errors that may be those of a rule; not that of an aborted navigation, which is often no failed request at all. */
    private static final Set<String> ROUTED = Stream.of(RouteError.values())
            .filter(error -> error != RouteError.ABORTED)
            .map(error -> "net::ERR_" + error.name())
            .collect(Collectors.toSet());

    private final Interruptions interruptions;
    private final Arrivals arrivals;

    Navigations(Interruptions interruptions, Arrivals arrivals) {
        this.interruptions = interruptions;
        this.arrivals = arrivals;
    }

    Future<Navigated> navigate(PageHands hands, Navigate command) {
        return hands.leavePage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            String url = allowed(command.url());
            WaitUntil until = command.waitUntil();
            return page.await(PageTarget::isPrepared, deadline)
                    .compose(prepared -> isWithin(page.url(), url)
                            ? leave(hands, page, url, until, deadline)
                            : interruptions.leave(page, deadline, () -> leave(hands, page, url, until, deadline)))
                    .compose(download -> navigated(page, download));
        });
    }

    private Future<Navigated> navigated(PageTarget page, Optional<String> download) {
        return arrivals.result(page, download.isEmpty()).map(result -> new Navigated(result, download));
    }

    /** Waits for a page that was created with the URL and navigates there by itself; only events tell how that goes. */
    Future<Navigated> arrive(PageHands hands, Navigate command) {
        Deadline deadline = new Deadline(command.timeout());
        return hands.leavePage(page -> came(page, page.firstLoader(), command.waitUntil(), deadline)
                .compose(download -> navigated(page, download)));
    }

    /** Completes when the document is there; with a download id if the URL was a download. */
    private Future<Optional<String>> came(PageTarget page, String loader, WaitUntil until, Deadline deadline) {
        return page.await(p -> p.failure(loader).isPresent() || p.hasCommitted(loader), deadline)
                .compose(done -> page.failure(loader).isEmpty()
                        ? Arrivals.arrived(page, loader, until, deadline).map(Optional.empty())
                        : download(page, Optional.empty())
                                .recover(none -> failed(page.failure(loader).get())));
    }

    /** The download that a navigation became: Chrome reports it shortly before or after the navigation's failure. */
    private static Future<Optional<String>> download(PageTarget page, Optional<String> earlier) {
        return page.await(p -> !p.effects().latestDownload().equals(earlier), new Deadline(DOWNLOAD_MILLIS))
                .map(begun -> page.effects().latestDownload());
    }

    private static <T> Future<T> failed(String errorText) {
        return Future.failedFuture(Failures.failed("navigation failed: " + errorText, Hints.of(errorText)));
    }

    private Future<Optional<String>> leave(
            PageHands hands, PageTarget page, String url, WaitUntil until, Deadline deadline) {
        Before before =
                new Before(page.commits(), Stays.of(page), page.effects().latestDownload());
        return hands.mayGoOn()
                .compose(may -> {
                    page.setLeaving(true);
                    return arrivals.send(page, "Page.navigate", new JsonObject().put("url", url), deadline);
                })
                .compose(went -> arrived(page, before, went, until, deadline));
    }

    /** Whether {@code url} is a fragment of the same document, which is then not left. */
    static boolean isWithin(String document, String url) {
        return url.contains("#") && withoutFragment(url).equals(withoutFragment(document));
    }

    /** Chrome's URLs have a slash after a bare host. */
    private static String withoutFragment(String url) {
        String document = url.split("#", 2)[0];
        return document.matches("(?i)https?://[^/?]+") ? document + "/" : document;
    }

    /** The page's state before the navigation. */
    private record Before(long commits, Stays stays, Optional<String> download) {}

    private static String allowed(String url) {
        try {
            return PageUrl.resolve(url);
        } catch (BerthException e) {
            throw Failures.failed("navigation refused: " + e.getMessage(), "use an http, https or data URL");
        }
    }

    private Future<Optional<String>> arrived(
            PageTarget page, Before before, JsonObject went, WaitUntil until, Deadline deadline) {
        if (went.containsKey("errorText")) {
            page.setLeaving(false);
            return went.getBoolean("isDownload", false)
                    ? download(page, before.download())
                    : refused(page, before, went.getString("loaderId", ""), went.getString("errorText"));
        }
        String loader = went.getString("loaderId");
        if (loader == null) {
            // Within the document: nothing is loaded, but the eyes must have received the event.
            page.setLeaving(false);
            return page.await(
                            p -> p.commits() > before.commits(),
                            new Deadline(Math.min(SAME_DOCUMENT_MILLIS, deadline.left())))
                    .otherwiseEmpty()
                    .map(Optional.empty());
        }
        return Arrivals.arrived(page, loader, until, deadline).map(Optional.empty());
    }

    /** The event that a beforeunload dialog was refused may come a moment later. */
    private static <T> Future<T> refused(PageTarget page, Before before, String loader, String errorText) {
        return page.await(p -> !p.effects().hasUnloadDialog(), new Deadline(ANSWER_MILLIS))
                .transform(answered -> before.stays().again(page)
                        ? before.stays().failure(page)
                        : explained(page, loader, errorText).compose(Navigations::failed));
    }

    /** The eyes know why a connection was refused, and which rule let a request fail. */
    private static Future<String> explained(PageTarget page, String loader, String errorText) {
        return ConnectionOutcomes.isUnexplained(errorText) || ROUTED.contains(errorText)
                ? page.await(p -> p.failure(loader).isPresent(), new Deadline(ANSWER_MILLIS))
                        .transform(known ->
                                Future.succeededFuture(page.failure(loader).orElse(errorText)))
                : Future.succeededFuture(page.failure(loader).orElse(errorText));
    }

    /** Hints for failed navigations, by Chrome's error name. */
    private static final class Hints {
        private static final Map<String, String> BY_ERROR = Map.of(
                "net::ERR_NAME_NOT_RESOLVED", "Berth's machine can't resolve that host name",
                "net::ERR_CONNECTION_REFUSED", "nothing is listening there, as seen from Berth's machine",
                "net::ERR_CONNECTION_TIMED_OUT", "Berth's machine can't reach it",
                "net::ERR_ADDRESS_UNREACHABLE", "Berth's machine can't reach it",
                "net::ERR_EMPTY_RESPONSE", "the server closed the connection; check http against https",
                "net::ERR_SSL_PROTOCOL_ERROR", "the server does not speak TLS; try http",
                "net::ERR_UNSAFE_PORT", "Chrome blocks that port",
                "net::ERR_TOO_MANY_REDIRECTS", "the redirects form a loop, often because a cookie is missing",
                "net::ERR_ABORTED",
                        "the server sent nothing to show (204), or the page went elsewhere in the meantime");

        private Hints() {}

        static String of(String errorText) {
            String error = errorText.split(" ", 2)[0];
            if (errorText.contains("(by the session's route-")) {
                return "GET …/routes lists the rules; DELETE …/routes/{routeId} removes one";
            } else if (error.startsWith("net::ERR_CERT_")) {
                return "the server's certificate is not trusted";
            }
            return error.startsWith("net::")
                    ? BY_ERROR.getOrDefault(error, "GET …/network shows its requests")
                    : "the session's options or the server's settings block it";
        }
    }
}
