package dev.berth.protocol;

import java.util.Optional;
import java.util.Set;

/**
 * A cookie.
 *
 * @param domain with a leading dot where subdomains get it too; when setting a cookie it may be absent, if {@code url} is given
 * @param url only when setting a cookie: gives domain, path and {@code secure} where these are absent
 * @param expires seconds since 1970; absent for a cookie that lasts as long as the browser
 * @param sameSite {@code Strict}, {@code Lax} or {@code None}
 */
public record Cookie(
        String name,
        String value,
        Optional<String> domain,
        Optional<String> url,
        Optional<String> path,
        Optional<Double> expires,
        boolean httpOnly,
        boolean secure,
        Optional<String> sameSite) {
    private static final int MAX_CHARS = 4_096;
    private static final int MAX_DOMAIN_CHARS = 300;
    private static final int MAX_URL_CHARS = 10_000;
    private static final Set<String> SAME_SITE = Set.of("Strict", "Lax", "None");

    public Cookie {
        Require.present("name", name);
        Require.present("value", value);
        Require.present("domain", domain);
        Require.present("url", url);
        Require.present("path", path);
        Require.present("expires", expires);
        Require.present("sameSite", sameSite);
    }

    /**
     * Throws where a browser would refuse the cookie. Only for cookies to be set: those read from a browser are not checked.
     *
     * @param place of the cookie, before the names of its fields
     */
    void requireSettable(String place) {
        Require.text(place + "name", name, 0, MAX_CHARS);
        Require.text(place + "value", value, 0, MAX_CHARS);
        Require.text(place + "domain", domain, 0, MAX_DOMAIN_CHARS);
        Require.text(place + "url", url, 0, MAX_URL_CHARS);
        Require.text(place + "path", path, 0, MAX_CHARS);
        expires.ifPresent(seconds -> Require.finite(place + "expires", seconds));
        if (!sameSite.map(SAME_SITE::contains).orElse(true)) {
            throw BerthException.invalid(place + "sameSite must be one of Strict, Lax, None");
        }
    }
}
