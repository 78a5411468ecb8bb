package dev.berth.agent.machine;

import dev.berth.agent.model.PromptMessage.Image;
import java.util.List;

/**
 * The page as a model is shown it.
 *
 * @param text marked as data, and bounded
 * @param changed whether it differs from what was shown before
 * @param place its site and path, without what may differ from one run of a task to the next
 */
public record ShownPage(String text, boolean changed, List<Image> images, String place) {
    public ShownPage {
        images = List.copyOf(images);
    }

    /** A page whose place is not known. */
    public ShownPage(String text, boolean changed, List<Image> images) {
        this(text, changed, images, "");
    }
}
