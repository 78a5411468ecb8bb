package dev.berth.live;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.TaskId;
import java.util.List;
import java.util.Optional;

/** A request of a viewer. */
sealed interface ViewerMessage {
    /** Whether somebody who may only watch may ask for it. */
    default boolean isForWatching() {
        return false;
    }

    /**
     * Input that the page receives at once.
     *
     * @param frequent one of many that follow each other, of which some may be left out
     */
    record Act(LiveCommand<?> command, boolean frequent) implements ViewerMessage {}

    /**
     * Something that takes a while, such as a navigation.
     *
     * @param pageId of the page that is navigated; empty for an action on the browser as a whole
     */
    record Drive(Optional<String> pageId, SessionCommand<?> command) implements ViewerMessage {}

    /** Reads what is selected in a page. */
    record Copy(String pageId) implements ViewerMessage {}

    /** Answers an AI task of the session, or cancels it. */
    record Lead(TaskId taskId, TaskCommand command) implements ViewerMessage {}

    /** Shows another page to this viewer. */
    record Show(String pageId) implements ViewerMessage {
        @Override
        public boolean isForWatching() {
            return true;
        }
    }

    /** Shows the active page to this viewer, whichever that is. */
    record Follow() implements ViewerMessage {
        @Override
        public boolean isForWatching() {
            return true;
        }
    }

    /** Files for a page, whose contents follow as binary messages in this order. None closes the chooser. */
    record Files(String pageId, String chooserId, List<Announced> files) implements ViewerMessage {}

    record Announced(String name, int bytes) {
        public Announced {
            if (name == null) {
                throw BerthException.invalid("name is missing");
            } else if (bytes < 0 || bytes > FileIntake.MAX_BYTES) {
                throw BerthException.invalid("bytes must be from 0 to " + FileIntake.MAX_BYTES + ", not " + bytes);
            }
        }
    }
}
