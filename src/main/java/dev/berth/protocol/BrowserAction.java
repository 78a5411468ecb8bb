package dev.berth.protocol;

import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.Emulation.ColorScheme;
import dev.berth.protocol.Emulation.Geolocation;
import dev.berth.protocol.Emulation.Media;
import dev.berth.protocol.Emulation.NetworkCondition;
import dev.berth.protocol.Emulation.Permission;
import dev.berth.protocol.VerbChoices.WaitUntil;
import java.util.List;
import java.util.Optional;

/**
 * An action on the browser as a whole: its pages, and what they share.
 *
 * @param <R> its reply
 */
public sealed interface BrowserAction<R extends SessionReply> extends SessionCommand.Action<R>
        permits BrowserAction.OpenPage,
                BrowserAction.ActivatePage,
                BrowserAction.ClosePage,
                BrowserAction.ReadCookies,
                BrowserAction.SetCookies,
                BrowserAction.ReadStorageState,
                BrowserAction.SetStorageState,
                BrowserAction.AnswerDialogs,
                BrowserAction.RemoveRoute,
                BrowserAction.Emulate,
                AddRoute {

    /**
     * Opens a page, which becomes the active one. If its URL can't be opened, the page is closed again, and this fails.
     *
     * @param url as for {@link PageAction.Navigate}; empty for a blank page
     * @param waitUntil when the page counts as open
     */
    record OpenPage(Optional<String> url, WaitUntil waitUntil, long timeout)
            implements BrowserAction<ActionReply.PageResult> {
        /** How many pages a browser may have for this to open another one. */
        public static final int MAX_PAGES = 100;

        public OpenPage {
            Require.text("url", url, 1, Require.MAX_TEXT_CHARS);
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeout);
        }
    }

    /**
     * Makes a page the active one, until it is closed or another page is opened or made active. {@link ErrorCode#NOT_FOUND}
     * where there is no such page.
     */
    record ActivatePage(String pageId, long timeout) implements BrowserAction<ActionReply.PageResult> {
        public ActivatePage {
            Require.id("pageId", pageId);
            Require.timeout(timeout);
        }
    }

    /**
     * Closes a page, without asking it. If it was the active one, its opener is active then, or else the page that was active
     * last. A browser always has a page: instead of the last one it opens a blank one. {@link ErrorCode#NOT_FOUND} where there
     * is no such page.
     */
    record ClosePage(String pageId, long timeout) implements BrowserAction<ActionReply.PageClosed> {
        public ClosePage {
            Require.id("pageId", pageId);
            Require.timeout(timeout);
        }
    }

    /** Reads the browser's cookies. */
    record ReadCookies(long timeout) implements BrowserAction<ActionReply.CookieList> {
        public ReadCookies {
            Require.timeout(timeout);
        }
    }

    /** Sets cookies, each in place of one with the same name, domain and path. Replies with all cookies. */
    record SetCookies(List<Cookie> cookies, long timeout) implements BrowserAction<ActionReply.CookieList> {
        private static final int MAX_COOKIES = 1_000;

        public SetCookies {
            cookies = Require.elements("cookies", cookies, 0, MAX_COOKIES);
            for (int i = 0; i < cookies.size(); i++) {
                cookies.get(i).requireSettable("cookies." + i + ".");
            }
            Require.timeout(timeout);
        }
    }

    /**
     * Reads the cookies, and what the origins that the session has visited have stored.
     *
     * @param indexedDB whether with their databases
     */
    record ReadStorageState(boolean indexedDB, long timeout) implements BrowserAction<ActionReply.StorageStateRead> {
        public ReadStorageState {
            Require.timeout(timeout);
        }
    }

    /**
     * Sets cookies, each in place of one with the same name, domain and path, and for each origin that is named what it has in {@code
     * localStorage}, in place of all that it had. The same for its databases, where any are given for the origin. Open pages are not
     * reloaded.
     *
     * @param cookies as those of a {@link StorageState}, like the origins
     */
    record SetStorageState(
            List<StorageState.StoredCookie> cookies, List<StorageState.OriginStorage> origins, long timeout)
            implements BrowserAction<ActionReply.StorageStateSet> {
        public SetStorageState {
            cookies = StorageState.cookies(Require.present("cookies", cookies));
            origins = StorageState.origins(Require.present("origins", origins));
            Require.timeout(timeout);
        }

        /** {@code toString} of a record would show the values. */
        @Override
        public String toString() {
            return "SetStorageState[" + cookies.size() + " cookies, " + origins.size() + " origins]";
        }
    }

    /**
     * Sets how JavaScript dialogs are answered from now on, where no CDP client answers them. By default they are dismissed,
     * except a page's question whether to leave it, which is accepted.
     *
     * @param promptText text for a {@code prompt}
     */
    record AnswerDialogs(boolean accept, Optional<String> promptText, long timeout)
            implements BrowserAction<SessionReply.Acknowledged> {
        private static final int MAX_PROMPT_CHARS = 10_000;

        public AnswerDialogs {
            Require.text("promptText", promptText, 0, MAX_PROMPT_CHARS);
            Require.timeout(timeout);
        }
    }

    /** Removes a rule; requests that it delays go on. {@link ErrorCode#NOT_FOUND} where there is no such rule. */
    record RemoveRoute(String routeId, long timeout) implements BrowserAction<SessionReply.Acknowledged> {
        public RemoveRoute {
            Require.id("routeId", routeId);
            Require.timeout(timeout);
        }
    }

    /**
     * Changes the emulation that pages see: all open pages, their iframes and workers, and those that are opened later. An empty component
     * stays as it is. A user agent is sent, and told to scripts, from the next request and document on.
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
     * @param permissions permissions of all pages of all sites; pages are denied all others. None for Chrome's
     *     own behaviour
     * @param media the media type of CSS, which also a PDF is then laid out for; by default the screen's for pages, and that of print for PDFs
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
            long timeout,
            Optional<String> device,
            Optional<Geolocation> geolocation,
            Optional<List<Permission>> permissions,
            Optional<Media> media)
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
            Require.timeout(timeout);
            Require.present("device", device).ifPresent(name -> Device.requireKnown("device", name));
            Require.present("geolocation", geolocation);
            permissions = Require.present("permissions", permissions)
                    .map(list -> Require.elements("permissions", list, 0, Permission.values().length));
            Require.present("media", media);
        }
    }
}
