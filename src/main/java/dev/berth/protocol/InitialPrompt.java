package dev.berth.protocol;

/** The first work of a session: a URL or an instruction. */
public sealed interface InitialPrompt {

    /** A text of which {@link #parse} makes the same. */
    String text();

    /** A page to open, by its absolute URL. */
    record StartUrl(String url) implements InitialPrompt {
        @Override
        public String text() {
            return url;
        }
    }

    /** A task for the AI. */
    record AiTask(String instruction) implements InitialPrompt {
        @Override
        public String text() {
            return instruction;
        }
    }

    /**
     * Tells a URL ({@code https://…}, {@code example.com}, {@code localhost:3000/x}) from an instruction.
     *
     * @throws BerthException {@link ErrorCode#INVALID_ARGUMENT} for a URL that pages may not open
     */
    static InitialPrompt parse(String text) {
        String prompt = text.strip();
        if (!PageUrl.looksLikeUrl(prompt)) {
            return new AiTask(prompt);
        }
        try {
            return new StartUrl(PageUrl.resolve(prompt));
        } catch (BerthException e) {
            throw new BerthException(e.code(), "initialPrompt: " + e.getMessage(), e);
        }
    }
}
