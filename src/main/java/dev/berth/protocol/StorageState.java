package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Cookies and what sites have stored, in the form of Playwright's {@code storageState}. All its values are secrets of their user.
 *
 * @param origins what each has stored in windows that are no third party's
 */
public record StorageState(List<Cookie> cookies, List<OriginStorage> origins) {
    private static final int MAX_COOKIES = 10_000;
    private static final int MAX_ORIGINS = 1_000;

    public StorageState {
        cookies = cookies == null ? List.of() : Require.elements("cookies", cookies, 0, MAX_COOKIES);
        origins = origins == null ? List.of() : Require.elements("origins", origins, 0, MAX_ORIGINS);
    }

    /**
     * What one origin has stored.
     *
     * @param origin such as {@code https://example.com}
     * @param indexedDB its databases, as Playwright writes them: JSON values only
     */
    public record OriginStorage(
            String origin,
            List<StoredItem> localStorage,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Object> indexedDB) {
        private static final int MAX_ITEMS = 100_000;

        public OriginStorage {
            Require.present("origins.origin", origin);
            localStorage = localStorage == null
                    ? List.of()
                    : Require.elements("origins.localStorage", localStorage, 0, MAX_ITEMS);
            indexedDB = indexedDB == null ? List.of() : Require.elements("origins.indexedDB", indexedDB, 0, MAX_ITEMS);
        }
    }

    /** An item of {@code localStorage}. */
    public record StoredItem(String name, String value) {
        public StoredItem {
            Require.present("origins.localStorage.name", name);
            Require.present("origins.localStorage.value", value);
        }
    }

    /** Without anything but the names of its origins. */
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
