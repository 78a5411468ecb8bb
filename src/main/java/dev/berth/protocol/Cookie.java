package dev.berth.protocol;

import java.util.Optional;

/**
 * A cookie of a browser.
 *
 * @param domain with a leading dot where subdomains get it too; absent in a cookie to be set, where {@code url} gives it
 * @param url in a cookie to be set: gives domain, path and {@code secure} where these are absent
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
    public Cookie {
        Require.present("name", name);
        Require.present("value", value);
        Require.present("domain", domain);
        Require.present("url", url);
        Require.present("path", path);
        Require.present("expires", expires);
        Require.present("sameSite", sameSite);
    }
}
