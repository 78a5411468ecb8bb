package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/**
 * An action on the browser as a whole: its pages, and what they share.
 *
 * @param <R> its reply
 */
public sealed interface BrowserAction<R extends SessionReply> extends SessionCommand.Action<R> {

    /**
     * Opens a page, which becomes the active one. If its URL can't be opened, the page is closed again, and this fails.
     *
     * @param url as for {@link PageAction.Navigate}; empty for a blank page
     * @param waitUntil when the page counts as open
     */
    record OpenPage(Optional<String> url, WaitUntil waitUntil, long timeoutMillis)
            implements BrowserAction<ActionReply.PageResult> {
        /** How many pages a browser may have for this to open another one. */
        public static final int MAX_PAGES = 100;

        public OpenPage {
            Require.text("url", url, 1, Require.MAX_TEXT_CHARS);
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Makes a page the active one, until it is closed or another page is opened or made active. {@link ErrorCode#NOT_FOUND}
     * where there is no such page.
     */
    record ActivatePage(String pageId, long timeoutMillis) implements BrowserAction<ActionReply.PageResult> {
        public ActivatePage {
            Require.id("pageId", pageId);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Closes a page, without asking it. If it was the active one, its opener is active then, or else the page that was active
     * last. A browser always has a page: instead of the last one it opens a blank one. {@link ErrorCode#NOT_FOUND} where there
     * is no such page.
     */
    record ClosePage(String pageId, long timeoutMillis) implements BrowserAction<ActionReply.PageClosed> {
        public ClosePage {
            Require.id("pageId", pageId);
            Require.timeout(timeoutMillis);
        }
    }

    /** Reads the browser's cookies. */
    record ReadCookies(long timeoutMillis) implements BrowserAction<ActionReply.CookieList> {
        public ReadCookies {
            Require.timeout(timeoutMillis);
        }
    }

    /** Sets cookies, each in place of one with the same name, domain and path. Replies with all cookies. */
    record SetCookies(List<Cookie> cookies, long timeoutMillis) implements BrowserAction<ActionReply.CookieList> {
        private static final int MAX_COOKIES = 1_000;

        public SetCookies {
            cookies = Require.elements("cookies", cookies, 0, MAX_COOKIES);
            cookies.forEach(Cookie::requireSettable);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Reads the cookies, and what the origins that the session has visited have stored.
     *
     * @param indexedDB whether with their databases
     */
    record ReadStorageState(boolean indexedDB, long timeoutMillis)
            implements BrowserAction<ActionReply.StorageStateRead> {
        public ReadStorageState {
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Sets cookies, each in place of one with the same name, domain and path, and for each origin that the state names what it has in {@code
     * localStorage}, in place of all that it had. The same for its databases, where the state has any for the origin. Open pages are not
     * reloaded.
     */
    record SetStorageState(StorageState state, long timeoutMillis)
            implements BrowserAction<ActionReply.StorageStateSet> {
        public SetStorageState {
            Require.present("state", state);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Sets how JavaScript dialogs are answered from now on, where no CDP client answers them. By default they are dismissed,
     * except a page's question whether to leave it, which is accepted.
     *
     * @param promptText what is entered in a {@code prompt}
     */
    record AnswerDialogs(boolean accept, Optional<String> promptText, long timeoutMillis)
            implements BrowserAction<SessionReply.Acknowledged> {
        private static final int MAX_PROMPT_CHARS = 10_000;

        public AnswerDialogs {
            Require.text("promptText", promptText, 0, MAX_PROMPT_CHARS);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Adds a rule for requests, behind those that there are. It holds for all pages, frames and workers, whoever drives them, from
     * now on. {@link ErrorCode#LIMIT_REACHED} where a session has as many as it may.
     */
    record AddRoute(RouteRule rule, long timeoutMillis) implements BrowserAction<ActionReply.RouteAdded> {
        public AddRoute {
            Require.present("rule", rule);
            Require.timeout(timeoutMillis);
        }
    }

    /** Removes a rule; requests that it delays go on. {@link ErrorCode#NOT_FOUND} where there is no such rule. */
    record RemoveRoute(String routeId, long timeoutMillis) implements BrowserAction<SessionReply.Acknowledged> {
        public RemoveRoute {
            Require.id("routeId", routeId);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Changes what pages find the browser to be: all that are open, their iframes and workers, and those that are opened later. What is
     * empty stays as it is. A user agent is sent, and told to scripts, from the next request and document on.
     *
     * @param reset whether all else is again as it was at the session's start
     * @param viewport of pages; a popup that a script opens later has the size that the script gives it
     * @param deviceScaleFactor pixels of a picture for each CSS pixel: 0.5 to 4
     * @param mobile whether pages are laid out as on a phone, and can be touched. Where this changes, so does the pixel ratio (3 on a
     *     phone, else 1), unless it is given, and the user agent is a phone's, unless one was given
     * @param userAgent as in {@link SessionOptions}
     * @param locale as in {@link SessionOptions}
     * @param timezone as in {@link SessionOptions}
     * @param cpuSlowdown how many times slower scripts run: 1 to 20
     * @param device the name of a {@link Device}: its viewport, pixel ratio, user agent, and whether it is mobile; what else the command
     *     gives of these holds in their place
     * @param geolocation where pages with that permission find it to be
     * @param permissions what all pages of all sites may do without asking; they are denied the others that there are. None for Chrome's
     *     own behaviour
     */
    record Emulate(
            boolean reset,
            Optional<Viewport> viewport,
            Optional<Double> deviceScaleFactor,
            Optional<Boolean> mobile,
            Optional<String> userAgent,
            Optional<String> locale,
            Optional<String> timezone,
            Optional<ColorScheme> colorScheme,
            Optional<NetworkCondition> network,
            Optional<Integer> cpuSlowdown,
            long timeoutMillis,
            Optional<String> device,
            Optional<Geolocation> geolocation,
            Optional<List<Permission>> permissions)
            implements BrowserAction<ActionReply.Emulated> {
        private static final double MIN_SCALE = 0.5;
        private static final double MAX_SCALE = 4;
        private static final int MAX_SLOWDOWN = 20;

        public Emulate {
            Require.present("viewport", viewport);
            Require.present("deviceScaleFactor", deviceScaleFactor)
                    .ifPresent(scale -> Require.within("deviceScaleFactor", scale, MIN_SCALE, MAX_SCALE));
            Require.present("mobile", mobile);
            Require.present("userAgent", userAgent).ifPresent(text -> Require.userAgent("userAgent", text));
            locale = Require.present("locale", locale).map(tag -> Require.locale("locale", tag));
            Require.present("timezone", timezone).ifPresent(zone -> Require.timezone("timezone", zone));
            Require.present("colorScheme", colorScheme);
            Require.present("network", network);
            Require.present("cpuSlowdown", cpuSlowdown)
                    .ifPresent(times -> Require.within("cpuSlowdown", times, 1, MAX_SLOWDOWN));
            Require.timeout(timeoutMillis);
            Require.present("device", device).ifPresent(name -> Device.requireKnown("device", name));
            Require.present("geolocation", geolocation);
            permissions = Require.present("permissions", permissions)
                    .map(list -> Require.elements("permissions", list, 0, Permission.values().length));
        }
    }
}
