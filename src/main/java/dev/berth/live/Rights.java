package dev.berth.live;

/**
 * The rights of a viewer.
 *
 * @param interactive act in the session, not only watch
 * @param owner whether it came by the session's own token or by an API key, and not by a link for others
 */
public record Rights(boolean interactive, boolean owner) {
    /**
     * Whether the viewer is told of downloads, and of the AI tasks that work in the session: who acts there causes the former, and may be
     * in the way of the latter.
     */
    boolean isInvolved() {
        return interactive || owner;
    }

    /** Whether the viewer may do all that the session's client may: answer and cancel these tasks, and open DevTools. */
    public boolean leads() {
        return interactive && owner;
    }
}
