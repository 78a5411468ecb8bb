package dev.berth.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One request of the browser. A redirect is an entry of its own.
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
        Map<String, String> responseHeaders) {
    public NetworkEntry {
        url = UrlCredentials.redact(url);
        error = error.map(UrlCredentials::redact);
        requestHeaders = redacted(requestHeaders);
        responseHeaders = redacted(responseHeaders);
    }

    /** Headers contain URLs too, such as Location and Referer. */
    private static Map<String, String> redacted(Map<String, String> headers) {
        Map<String, String> copy = new LinkedHashMap<>(headers);
        copy.replaceAll((name, value) -> UrlCredentials.redact(value));
        return Collections.unmodifiableMap(copy);
    }
}
