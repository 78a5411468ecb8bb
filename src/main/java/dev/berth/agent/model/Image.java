package dev.berth.agent.model;

import java.util.Objects;

/**
 * A picture for a model. The bytes are not copied: who makes it leaves them alone.
 *
 * @param mediaType for example {@code image/jpeg}
 */
public record Image(String mediaType, byte[] bytes) {
    public Image {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
    }

    @Override
    public String toString() {
        return mediaType + " of " + bytes.length + " bytes";
    }
}
