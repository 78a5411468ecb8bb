package dev.berth.browser.drive;

import java.util.Map;

/** Hints for failed navigations, by Chrome's error name. */
final class NavigationHints {
    private static final Map<String, String> BY_ERROR = Map.of(
            "net::ERR_NAME_NOT_RESOLVED", "no host of that name is known on Berth's machine",
            "net::ERR_CONNECTION_REFUSED", "nothing listens there, as seen from Berth's machine",
            "net::ERR_CONNECTION_TIMED_OUT", "it can't be reached from where Berth runs",
            "net::ERR_ADDRESS_UNREACHABLE", "it can't be reached from where Berth runs",
            "net::ERR_EMPTY_RESPONSE", "the server closed the connection; check http against https",
            "net::ERR_SSL_PROTOCOL_ERROR", "the server does not speak TLS; try http",
            "net::ERR_UNSAFE_PORT", "Chrome blocks that port",
            "net::ERR_TOO_MANY_REDIRECTS", "the redirects form a loop, often because a cookie is missing",
            "net::ERR_ABORTED", "the server sent nothing to show (204), or the page went elsewhere meanwhile");

    private NavigationHints() {}

    static String of(String errorText) {
        return errorText.startsWith("net::ERR_CERT_")
                ? "the certificate of the server is not trusted"
                : BY_ERROR.getOrDefault(errorText, "GET …/network shows its requests");
    }
}
