package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a rule of {@link AddRoute} does with a request. */
public enum RouteAction {
    /** It is not sent, and fails as one that an ad blocker stops. */
    BLOCK,
    /** It is not sent, and gets the rule's answer. */
    MOCK,
    /** It is sent with other headers. */
    CONTINUE,
    /** It is sent after a while. */
    DELAY,
    /** It is not sent, and fails with the rule's error. */
    FAIL;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
