package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a request fails that a rule of {@link AddRoute} lets fail. Clients know them by Playwright's names. */
public enum RouteError {
    ABORTED("Aborted"),
    ACCESS_DENIED("AccessDenied"),
    ADDRESS_UNREACHABLE("AddressUnreachable"),
    BLOCKED_BY_CLIENT("BlockedByClient"),
    BLOCKED_BY_RESPONSE("BlockedByResponse"),
    CONNECTION_ABORTED("ConnectionAborted"),
    CONNECTION_CLOSED("ConnectionClosed"),
    CONNECTION_FAILED("ConnectionFailed"),
    CONNECTION_REFUSED("ConnectionRefused"),
    CONNECTION_RESET("ConnectionReset"),
    FAILED("Failed"),
    INTERNET_DISCONNECTED("InternetDisconnected"),
    NAME_NOT_RESOLVED("NameNotResolved"),
    TIMED_OUT("TimedOut");

    private final String cdpName;

    RouteError(String cdpName) {
        this.cdpName = cdpName;
    }

    /** CDP's {@code Network.ErrorReason}. */
    public String cdpName() {
        return cdpName;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace("_", "");
    }
}
