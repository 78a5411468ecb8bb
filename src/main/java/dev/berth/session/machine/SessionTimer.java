package dev.berth.session.machine;

/** The timers of a session; at most one of each is set. */
public enum SessionTimer {
    /** No place becomes free in time. */
    QUEUE,
    /** Nobody uses the session. */
    IDLE,
    /** The session is too old. */
    LIFETIME,
    /** The last CDP client has left and nobody came back. */
    RECONNECT,
    /** CDP clients that say nothing are looked for. */
    SWEEP,
    /** The browser does not say whether it is there. */
    PRESENCE,
    /** A step of the end takes too long. */
    CLOSING,
    /** What could not be kept is tried again. */
    KEEP_AGAIN
}
