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
record HarBody(Optional<String> text, Optional<String> comment) {
    static HarBody of(BodyEntry body) {
        return new HarBody(Optional.of(body.content()), Optional.empty());
    }

    static HarBody without(NetworkEntry entry) {
        return new HarBody(Optional.empty(), entry.body().flatMap(KeptBody::missing));
    }
}
