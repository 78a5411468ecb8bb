package dev.berth.session.machine;

/** The timers of a session; at most one of each kind is set. */
public enum SessionTimer {
    /** Nobody used the session for its idle timeout. */
    IDLE,
    /** The session reached its maximum lifetime. */
    LIFETIME,
    /** The last CDP client left and none came back. */
    RECONNECT,
    /** The presence check got no answer in time. */
    PRESENCE,
    /** A step of the end timed out. */
    CLOSING,
    /** Time to retry what could not be kept. */
    KEEP_AGAIN
}
