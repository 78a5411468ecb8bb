package dev.berth.websocket;

/** A violation of the protocol or a limit by a client. Its frames can't be read any further. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    public Violation(int closeCode, String message) {
        super(message, null, false, false);
        this.closeCode = closeCode;
    }

    public CloseReason reason() {
        return new CloseReason(closeCode, getMessage());
    }
}
