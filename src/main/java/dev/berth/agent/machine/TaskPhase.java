package dev.berth.agent.machine;

/** What a task is doing. */
public enum TaskPhase {
    /** It waits for a place. */
    PENDING,
    /** Its session is made ready. */
    STARTING,
    /** Its model is asked. */
    THINKING,
    /** It waits until no person acts. */
    RESTING,
    /** A tool runs. */
    ACTING,
    /** The page is read. */
    LOOKING,
    /** An output is compared with its schema. */
    JUDGING,
    /** A person is asked. */
    WAITING,
    ENDED
}
