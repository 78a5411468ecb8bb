package dev.berth.browser;

/** What Chrome said when it did not do what it was asked for. */
final class ChromeRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChromeRefusal(String message) {
        super(message, null, false, false);
    }
}
