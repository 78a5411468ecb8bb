package dev.berth.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A command of an AI task to its session, beside actions. Fails as actions do where the session does not run.
 *
 * @param <R> its reply
 */
public sealed interface TaskSupport<R extends SessionReply> extends SessionCommand<R> {

    /**
     * Limits the session from now on, until it ends. Where it is sent several times, all hold.
     *
     * @param allowedDomains where any navigation of any frame may go, whoever starts it. Another one is stopped before it is sent, and
     *     its page stays as it is
     * @param variables are replaced by their names in all that is kept of the session
     */
    record ProtectSession(AllowedDomains allowedDomains, Secrets variables)
            implements TaskSupport<SessionReply.Acknowledged> {
        public ProtectSession {
            Require.present("allowedDomains", allowedDomains);
            Require.present("variables", variables);
        }
    }

    /**
     * Waits until people have rested in the live view.
     *
     * @param quietMillis for how long; moves of the mouse do not count
     * @param timeout how long to wait for that at the most
     */
    record AwaitNoHands(long quietMillis, long timeout) implements TaskSupport<SessionReply.HandsRest> {
        private static final long MAX_QUIET_MILLIS = 60_000;

        public AwaitNoHands {
            Require.within("quietMillis", quietMillis, 0, MAX_QUIET_MILLIS);
            Require.timeout(timeout);
        }

        @Override
        public long deadlineMillis() {
            return timeout + 10_000;
        }
    }

    /**
     * Names an element of the active page by selectors that find it again in another document of its site.
     *
     * @param selectors of which the first counts that is a ref of a snapshot, or stands for one visible element only
     * @param timeout how long to wait for one that does
     */
    record NameElement(List<String> selectors, long timeout) implements TaskSupport<SessionReply.ElementNames> {
        private static final int MAX_SELECTORS = 10;

        public NameElement {
            selectors = Require.elements("selectors", selectors, 1, MAX_SELECTORS);
            selectors.forEach(selector -> Require.selector(Optional.of(selector)));
            Require.timeout(timeout);
        }

        /** Leaves time for the verb that runs. */
        @Override
        public long deadlineMillis() {
            return timeout + 10_000;
        }
    }

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
                throw BerthException.invalid("type must have lowercase letters, '_' and '-' only");
            }
            details = BoundedDetails.of(Require.present("details", details));
        }

        @Override
        public long timeout() {
            return 1_000;
        }
    }
}
