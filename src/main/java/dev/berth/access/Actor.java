package dev.berth.access;

import java.util.Optional;

/**
 * The person or program that does an administrative act.
 *
 * @param keyId of the API key by which it is done; empty where there is none
 * @param user the name of that key's user, or what stands for one
 * @param address of the client; {@code ""} where there is none
 */
public record Actor(Optional<Long> keyId, String user, String address) {
    /** A person at the machine, who needs no key. */
    public static final Actor COMMAND_LINE = new Actor(Optional.empty(), "command line", "");
}
