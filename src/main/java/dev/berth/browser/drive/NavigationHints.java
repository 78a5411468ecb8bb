package dev.berth.browser.drive;

import java.util.Map;

/** What to do about a navigation that failed, by Chrome's name for why. */
final class NavigationHints {
    private static final Map<String, String> BY_ERROR = Map.of(
            "net::ERR_NAME_NOT_RESOLVED", "no host of that name is known where Berth runs",
            "net::ERR_CONNECTION_REFUSED", "nothing listens there, as seen from where Berth runs",
            "net::ERR_CONNECTION_TIMED_OUT", "it can't be reached from where Berth runs",
            "net::ERR_ADDRESS_UNREACHABLE", "it can't be reached from where Berth runs",
            "net::ERR_EMPTY_RESPONSE", "the server hung up; http where https is meant, or the other way round?",
            "net::ERR_SSL_PROTOCOL_ERROR", "the server there speaks no TLS; try http",
            "net::ERR_UNSAFE_PORT", "Chrome opens nothing at that port",
            "net::ERR_TOO_MANY_REDIRECTS", "its redirects lead in a circle, often for want of a cookie",
            "net::ERR_ABORTED", "the server sent nothing to show (204), or the page went elsewhere meanwhile");

    private NavigationHints() {}

    static String of(String errorText) {
        return errorText.startsWith("net::ERR_CERT_")
                ? "the certificate of the server is not trusted"
                : BY_ERROR.getOrDefault(errorText, "GET …/network tells how its requests went");
    }
}
