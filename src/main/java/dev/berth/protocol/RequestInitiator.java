package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * What made the browser send a request.
 *
 * @param type Chrome's name: {@code parser}, {@code script}, {@code preload}, {@code preflight}, {@code other}, ...
 * @param url the document or script that asked for it, without user name and password
 * @param line in it, from 1
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RequestInitiator(String type, Optional<String> url, Optional<Integer> line) {
    public RequestInitiator {
        url = url.map(UrlCredentials::redact);
    }
}
