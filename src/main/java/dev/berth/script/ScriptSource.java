package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Viewport;
import java.util.List;

/**
 * What a script is made of.
 *
 * @param berthUrl where the server is reached, without a slash at its end
 * @param viewport that the session began with
 * @param actions oldest first
 * @param left how many later actions are not among them
 * @param navigations of the session, as far as they are known
 */
public record ScriptSource(
        SessionId session,
        String berthUrl,
        Viewport viewport,
        List<ActionEntry> actions,
        long left,
        List<NavigationEntry> navigations) {
    public ScriptSource {
        actions = List.copyOf(actions);
        navigations = List.copyOf(navigations);
    }
}
