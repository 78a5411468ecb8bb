package dev.berth.browser.cdp;

/** What Chrome said when it did not do what it was asked for. */
public final class ChromeRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Of a command for a session that is no more. */
    static final String NO_SESSION = "Session with given id not found.";

    public ChromeRefusal(String message) {
        super(message, null, false, false);
    }
}
