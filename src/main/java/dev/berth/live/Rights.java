package dev.berth.live;

/**
 * What a viewer may.
 *
 * @param interactive act in the session, not only watch
 * @param owner whether it came by the session's own token or by an API key, and not by a link for others
 */
public record Rights(boolean interactive, boolean owner) {
    /** Whether the viewer is told of the AI tasks that work in the session: who acts there may be in their way. */
    boolean seesTasks() {
        return interactive || owner;
    }

    /** Whether the viewer may answer these tasks, and cancel them. */
    boolean leadsTasks() {
        return interactive && owner;
    }
}
