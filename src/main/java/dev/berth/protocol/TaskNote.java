package dev.berth.protocol;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes an entry in the action log of what an AI task did without the browser: it asked a person, or ended. Waits for no other action.
 *
 * @param type of the entry
 * @param details of the entry: see {@link ActionEntry}
 */
public record TaskNote(String type, Map<String, Object> details)
        implements SessionCommand.Action<SessionReply.Acknowledged> {
    private static final Pattern NAME = Pattern.compile("[a-z_-]{1,40}");

    public TaskNote {
        Require.text("type", type, 1, 40);
        if (!NAME.matcher(type).matches()) {
            throw BerthException.invalid("type must have small letters, '_' and '-' only");
        }
        details = BoundedDetails.of(Require.present("details", details));
    }

    @Override
    public long timeout() {
        return 1_000;
    }
}
