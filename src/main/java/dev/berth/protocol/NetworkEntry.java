package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.protocol.RouteEntry.AppliedRoute;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A request of the browser. A redirect is an entry of its own. A WebSocket is two: one when it opens, and one when it is over.
 *
 * @param status empty where no response came
 * @param duration milliseconds from the request to its end, by Chrome's clock
 * @param size received bytes: headers and encoded body
 * @param resourceType Chrome's name for its purpose, in lower case: {@code document}, {@code script}, {@code fetch}, ...
 * @param timestamp when it was sent
 * @param fromCache whether it was served without asking the server
 * @param fromServiceWorker whether a service worker served it
 * @param error why it failed: {@code net::ERR_...}, or what blocked it
 * @param requestHeaders as sent, with secrets redacted
 * @param responseHeaders as received, with secrets redacted
 * @param requestId Chrome's; all redirects of a request have the same
 * @param pageId the page that it belongs to; empty for workers that belong to none
 * @param documentId the document that it belongs to; the request of a document has it as its {@code requestId}
 * @param frameId the frame of its document; empty for the page's main frame
 * @param initiator the cause of the request
 * @param priority Chrome's name, such as {@code VeryHigh}
 * @param httpVersion Chrome's name of the protocol of the response, such as {@code http/1.1} or {@code h2}
 * @param remoteAddress address and port that the response came from
 * @param timings where Chrome tells them: not for responses from its memory
 * @param contentSize bytes of the decoded body
 * @param requestBodySize bytes of the request's body; empty where it has none
 * @param requestBody its text, redacted and cut; only in sessions that keep bodies
 * @param messages of a WebSocket
 * @param body of the response; only in sessions that keep bodies
 * @param blocked present where the session's or the server's rules did not let it out
 * @param rule present where a rule of the session's routes held for it
 */
public record NetworkEntry(
        String url,
        String method,
        Optional<Integer> status,
        double duration,
        long size,
        String resourceType,
        String mimeType,
        Instant timestamp,
        boolean fromCache,
        boolean fromServiceWorker,
        Optional<String> error,
        Map<String, String> requestHeaders,
        Map<String, String> responseHeaders,
        @JsonInclude(Include.NON_ABSENT) Optional<String> requestId,
        @JsonInclude(Include.NON_ABSENT) Optional<String> pageId,
        @JsonInclude(Include.NON_ABSENT) Optional<String> documentId,
        @JsonInclude(Include.NON_ABSENT) Optional<String> frameId,
        @JsonInclude(Include.NON_ABSENT) Optional<RequestInitiator> initiator,
        @JsonInclude(Include.NON_ABSENT) Optional<String> priority,
        @JsonInclude(Include.NON_ABSENT) Optional<String> httpVersion,
        @JsonInclude(Include.NON_ABSENT) Optional<String> remoteAddress,
        @JsonInclude(Include.NON_ABSENT) Optional<RequestTimings> timings,
        @JsonInclude(Include.NON_ABSENT) Optional<Long> contentSize,
        @JsonInclude(Include.NON_ABSENT) Optional<Long> requestBodySize,
        @JsonInclude(Include.NON_ABSENT) Optional<String> requestBody,
        @JsonInclude(Include.NON_ABSENT) Optional<SocketMessages> messages,
        @JsonInclude(Include.NON_ABSENT) Optional<KeptBody> body,
        @JsonInclude(Include.NON_ABSENT) Optional<BlockedRequest> blocked,
        @JsonInclude(Include.NON_ABSENT) Optional<AppliedRoute> rule) {
    public NetworkEntry {
        url = UrlCredentials.redact(url);
        error = error.map(UrlCredentials::redact);
        requestHeaders = redacted(requestHeaders);
        responseHeaders = redacted(responseHeaders);
    }

    /** Whether no response came, or one with a status from 400 on. */
    @JsonIgnore
    public boolean failed() {
        return error.isPresent() || status.filter(code -> code >= 400).isPresent();
    }

    /** A request of which no more is known. */
    public NetworkEntry(
            String url,
            String method,
            Optional<Integer> status,
            double duration,
            long size,
            String resourceType,
            String mimeType,
            Instant timestamp,
            boolean fromCache,
            boolean fromServiceWorker,
            Optional<String> error,
            Map<String, String> requestHeaders,
            Map<String, String> responseHeaders) {
        this(
                url,
                method,
                status,
                duration,
                size,
                resourceType,
                mimeType,
                timestamp,
                fromCache,
                fromServiceWorker,
                error,
                requestHeaders,
                responseHeaders,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether this tells of a WebSocket's beginning, and another entry follows at its end. */
    public boolean opensSocket() {
        return messages.filter(m -> m.state() == SocketMessages.State.OPEN).isPresent();
    }

    /** Headers contain URLs too, such as Location and Referer. */
    private static Map<String, String> redacted(Map<String, String> headers) {
        Map<String, String> copy = new LinkedHashMap<>(headers);
        copy.replaceAll((name, value) -> UrlCredentials.redact(value));
        return Collections.unmodifiableMap(copy);
    }

    /** This entry as it is kept: what was sent and received, but for the body, passes through {@code redaction}. */
    public NetworkEntry kept(UnaryOperator<String> redaction, Optional<KeptBody> keptBody) {
        return new NetworkEntry(
                url,
                method,
                status,
                duration,
                size,
                resourceType,
                mimeType,
                timestamp,
                fromCache,
                fromServiceWorker,
                error,
                requestHeaders,
                responseHeaders,
                requestId,
                pageId,
                documentId,
                frameId,
                initiator,
                priority,
                httpVersion,
                remoteAddress,
                timings,
                contentSize,
                requestBodySize,
                requestBody.map(redaction),
                messages.map(all -> all.redacted(redaction)),
                keptBody,
                blocked,
                rule);
    }

    /**
     * The initiator of a browser's request.
     *
     * @param type Chrome's name: {@code parser}, {@code script}, {@code preload}, {@code preflight}, {@code other}, ...
     * @param url the document or script that asked for it, without user name and password
     * @param line in it, from 1
     * @param extension the name of the browser extension that the document or script belongs to
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record RequestInitiator(
            String type, Optional<String> url, Optional<Integer> line, Optional<String> extension) {
        public RequestInitiator(String type, Optional<String> url, Optional<Integer> line) {
            this(type, url, line, Optional.empty());
        }

        public RequestInitiator {
            url = url.map(UrlCredentials::redact);
            // Absent in logs of earlier versions.
            extension = extension == null ? Optional.empty() : extension;
        }
    }

    /**
     * The phases of a request in milliseconds, as in a HAR: they follow one another, without gaps. A phase that did not happen is -1.
     *
     * @param blocked until it could be sent: in the queue, or waiting for a connection
     * @param dns looking up the host
     * @param connect making the connection, with {@code ssl}
     * @param ssl the TLS handshake, a part of {@code connect}
     * @param send sending the request
     * @param waiting {@code wait} in JSON: until the first byte of the response
     * @param receive reading the response
     */
    public record RequestTimings(
            double blocked,
            double dns,
            double connect,
            double ssl,
            double send,
            @JsonProperty("wait") double waiting,
            double receive) {}

    /**
     * Why a request was not let out.
     *
     * @param rule the name of what refused it, such as {@code blockedDomains}
     * @param words the same for people
     */
    public record BlockedRequest(String rule, String words) {}
}
