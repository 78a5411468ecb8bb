package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rule of {@link AddRoute} in force, as it is listed: without values of headers, which may be secret, and without the mocked body.
 *
 * @param status of the mocked answer, as for the following two
 * @param headers their names
 * @param bodySize bytes
 * @param setHeaders their names
 * @param used how many requests it held for so far
 */
@JsonInclude(Include.NON_ABSENT)
public record RouteEntry(
        String routeId,
        String url,
        @JsonInclude(Include.NON_EMPTY) List<String> methods,
        @JsonInclude(Include.NON_EMPTY) List<ResourceType> types,
        RouteAction action,
        Optional<Integer> status,
        @JsonInclude(Include.NON_EMPTY) List<String> headers,
        Optional<Long> bodySize,
        @JsonInclude(Include.NON_EMPTY) List<String> setHeaders,
        @JsonInclude(Include.NON_EMPTY) List<String> removeHeaders,
        Optional<Integer> delay,
        Optional<RouteError> error,
        Optional<Integer> times,
        long used) {
    public RouteEntry {
        methods = copy(methods);
        types = copy(types);
        headers = copy(headers);
        setHeaders = copy(setHeaders);
        removeHeaders = copy(removeHeaders);
    }

    /** Empty lists are left out of JSON. */
    private static <T> List<T> copy(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    public static RouteEntry of(String routeId, AddRoute rule, long used) {
        return new RouteEntry(
                routeId,
                rule.url(),
                rule.methods(),
                rule.types(),
                rule.action(),
                rule.status(),
                names(rule.headers()),
                rule.bodyBase64().map(body -> rule.bodySize()),
                names(rule.setHeaders()),
                rule.removeHeaders(),
                rule.delay(),
                rule.error(),
                rule.times(),
                used);
    }

    private static List<String> names(Map<String, String> headers) {
        return List.copyOf(new TreeMap<>(headers).keySet());
    }

    /** The act of a rule of {@link AddRoute} on a request. */
    public enum RouteAction {
        /** The request is not sent, and fails as one that an ad blocker stops. */
        BLOCK,
        /** The request is not sent, and gets the rule's answer. */
        MOCK,
        /** The request is sent with other headers. */
        CONTINUE,
        /** The request is sent after a while. */
        DELAY,
        /** The request is not sent, and fails with the rule's error. */
        FAIL;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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

    /** The purpose of a request, as {@link NetworkEntry#resourceType} says it. Chrome calls the script of a worker {@link #OTHER}. */
    public enum ResourceType {
        DOCUMENT("Document"),
        STYLESHEET("Stylesheet"),
        IMAGE("Image"),
        MEDIA("Media"),
        FONT("Font"),
        SCRIPT("Script"),
        TEXTTRACK("TextTrack"),
        XHR("XHR"),
        FETCH("Fetch"),
        EVENTSOURCE("EventSource"),
        MANIFEST("Manifest"),
        PING("Ping"),
        OTHER("Other");

        private final String cdpName;

        ResourceType(String cdpName) {
            this.cdpName = cdpName;
        }

        /** CDP's {@code Network.ResourceType}. */
        public String cdpName() {
            return cdpName;
        }

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The rule of {@link AddRoute} that held for a request, and what it did. */
    public record AppliedRoute(String routeId, RouteAction action) {}
}
