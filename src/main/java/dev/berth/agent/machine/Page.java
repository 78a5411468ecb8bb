package dev.berth.agent.machine;

import dev.berth.agent.model.Image;
import java.util.List;

/**
 * What a model is shown of the page.
 *
 * @param text marked as data, and bounded
 * @param changed whether it differs from what was shown before
 */
public record Page(String text, boolean changed, List<Image> images) {
    public Page {
        images = List.copyOf(images);
    }
}
