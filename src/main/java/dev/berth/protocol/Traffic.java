package dev.berth.protocol;

/**
 * What a session's Chrome has sent and received.
 *
 * @param bytesIn what servers sent it
 * @param bytesOut what it sent
 * @param blocked connections that were refused by a rule
 */
public record Traffic(long bytesIn, long bytesOut, long blocked) {
    public static final Traffic NONE = new Traffic(0, 0, 0);

    public Traffic plus(Traffic other) {
        return new Traffic(bytesIn + other.bytesIn, bytesOut + other.bytesOut, blocked + other.blocked);
    }
}
