package dev.berth.verbs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.berth.protocol.ActionReply.CookieList;
import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ActionReply.StorageStateSet;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.StorageState.StoredCookie;
import java.util.List;
import java.util.Optional;

/** The result of a verb about what a browser has stored. */
sealed interface StorageResult extends VerbResult {
    /** All cookies of the browser. */
    record Cookies(boolean success, List<CookieView> cookies) implements StorageResult {
        static Cookies of(CookieList list) {
            return new Cookies(true, list.cookies().stream().map(CookieView::of).toList());
        }
    }

    /** One cookie. */
    record CookieView(
            String name,
            String value,
            Optional<String> domain,
            Optional<String> path,
            Optional<Double> expires,
            boolean httpOnly,
            boolean secure,
            Optional<String> sameSite) {
        private static CookieView of(Cookie c) {
            return new CookieView(
                    c.name(), c.value(), c.domain(), c.path(), c.expires(), c.httpOnly(), c.secure(), c.sameSite());
        }
    }

    /**
     * What a browser has stored: no more than Playwright has in its {@code storageState}.
     *
     * @param origins JSON
     */
    record StoredState(
            List<StoredCookie> cookies, @JsonRawValue String origins) implements StorageResult {
        static StoredState of(StorageStateRead read) {
            return new StoredState(read.cookies(), read.origins());
        }

        @Override
        public boolean success() {
            return true;
        }

        @Override
        public long chars() {
            return origins.length();
        }
    }

    /** What a browser has stored was set. */
    record StateSet(boolean success, int cookies, int origins) implements StorageResult {
        static StateSet of(StorageStateSet set) {
            return new StateSet(true, set.cookies(), set.origins());
        }
    }
}
