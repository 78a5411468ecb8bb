package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cookies and what sites have stored, in the form of Playwright's {@code storageState}, also as JSON. All its values are secrets of their user.
 *
 * @param origins what each has stored in windows that are no third party's
 */
public record StorageState(List<StoredCookie> cookies, List<OriginStorage> origins) {
    private static final int MAX_COOKIES = 10_000;
    private static final int MAX_ORIGINS = 1_000;

    public StorageState {
        cookies = cookies == null ? List.of() : cookies(cookies);
        origins = origins == null ? List.of() : origins(origins);
    }

    static List<StoredCookie> cookies(List<StoredCookie> cookies) {
        return Require.elements("cookies", cookies, 0, MAX_COOKIES);
    }

    static List<OriginStorage> origins(List<OriginStorage> origins) {
        return Require.elements("origins", origins, 0, MAX_ORIGINS);
    }

    /**
     * A cookie.
     *
     * @param domain with a leading dot where subdomains get it too
     * @param expires seconds since 1970; {@code -1}, or empty, for a cookie that lasts as long as the browser
     * @param sameSite {@code Strict}, {@code Lax} or {@code None}; empty for the browser's default
     * @param partitionKey the site within whose pages alone the cookie is sent, such as {@code https://example.com}; empty for one without
     * @param crossSiteAncestor whether the frame that set a cookie with a partition was below one of another site
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record StoredCookie(
            String name,
            String value,
            String domain,
            String path,
            Optional<Double> expires,
            boolean httpOnly,
            boolean secure,
            Optional<String> sameSite,
            Optional<String> partitionKey,
            @JsonProperty("_crHasCrossSiteAncestor") Optional<Boolean> crossSiteAncestor) {
        private static final int MAX_CHARS = 4_096;
        private static final int MAX_HOST_CHARS = 300;
        private static final Set<String> SAME_SITE = Set.of("Strict", "Lax", "None");

        public StoredCookie {
            Require.text("name", name, 0, MAX_CHARS);
            Require.text("value", value, 0, MAX_CHARS);
            Require.text("domain", domain, 1, MAX_HOST_CHARS);
            Require.text("path", path, 1, MAX_CHARS);
            Require.present("expires", expires).ifPresent(seconds -> Require.finite("expires", seconds));
            if (!Require.present("sameSite", sameSite).map(SAME_SITE::contains).orElse(true)) {
                throw BerthException.invalid("sameSite must be one of Strict, Lax, None");
            }
            Require.text("partitionKey", partitionKey, 1, MAX_HOST_CHARS);
            Require.present("_crHasCrossSiteAncestor", crossSiteAncestor);
        }

        /** {@code toString} of a record would show the value. */
        @Override
        public String toString() {
            return "StoredCookie[" + domain + "]";
        }
    }

    /**
     * The storage of one origin.
     *
     * @param origin such as {@code https://example.com}
     * @param indexedDB its databases, as Playwright writes them: JSON objects only
     */
    public record OriginStorage(
            String origin,
            List<StoredItem> localStorage,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Object> indexedDB) {
        private static final int MAX_ITEMS = 100_000;
        private static final int MAX_DATABASES = 1_000;
        private static final int MAX_CHARS = 300;
        private static final Pattern ORIGIN =
                Pattern.compile("https?://(\\[[0-9a-f:.]+]|[^\\s/?#@\\\\*:\\[\\]]+)(:\\d{1,5})?");

        public OriginStorage {
            Require.text("origin", origin, 1, MAX_CHARS);
            if (!ORIGIN.matcher(origin).matches()) {
                throw BerthException.invalid("origin must be http or https, a host, and a port unless it is the"
                        + " scheme's default, such as https://example.com");
            }
            localStorage = Require.elements("localStorage", localStorage, 0, MAX_ITEMS);
            indexedDB = indexedDB == null ? List.of() : Require.elements("indexedDB", indexedDB, 0, MAX_DATABASES);
            if (!indexedDB.stream().allMatch(Map.class::isInstance)) {
                throw BerthException.invalid("indexedDB must have objects, one for each database");
            }
        }

        /** {@code toString} of a record would show the values. */
        @Override
        public String toString() {
            return "OriginStorage[" + origin + "]";
        }
    }

    /** An item of {@code localStorage}. */
    public record StoredItem(String name, String value) {
        public StoredItem {
            Require.present("name", name);
            Require.present("value", value);
        }

        /** {@code toString} of a record would show the value. */
        @Override
        public String toString() {
            return "StoredItem[]";
        }
    }

    /** The state from JSON of the right types. Throws {@link BerthException} where a value is wrong. */
    public static StorageState of(JsonObject json) {
        try {
            return ProtocolJson.MAPPER.convertValue(json.getMap(), StorageState.class);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    /** The reader wraps what a record throws. */
    private static BerthException wrong(Throwable e) {
        return e instanceof BerthException known
                ? known
                : e.getCause() == null
                        ? BerthException.invalid("the storage state must have the form of Playwright's storageState")
                        : wrong(e.getCause());
    }

    /** The state with nothing but the names of its origins. */
    public StorageState redacted() {
        return new StorageState(
                List.of(),
                origins.stream()
                        .map(stored -> new OriginStorage(stored.origin(), List.of(), List.of()))
                        .toList());
    }

    /** {@code toString} of a record would show the values. */
    @Override
    public String toString() {
        return "StorageState[" + cookies.size() + " cookies, " + origins.size() + " origins]";
    }
}
