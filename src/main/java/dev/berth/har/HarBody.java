package dev.berth.har;

import dev.berth.protocol.BodyEntry;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.NetworkEntry;
import java.util.Optional;

/**
 * The body of a response in a HAR.
 *
 * @param comment why there is no text
 */
record HarBody(Optional<String> text, boolean base64, Optional<String> comment) {
    static HarBody of(BodyEntry body) {
        return new HarBody(Optional.of(body.content()), body.base64(), Optional.empty());
    }

    static HarBody without(NetworkEntry entry) {
        return new HarBody(Optional.empty(), false, entry.body().flatMap(KeptBody::missing));
    }
}
