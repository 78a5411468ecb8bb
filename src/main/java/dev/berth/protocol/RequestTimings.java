package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

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
