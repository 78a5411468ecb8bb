package dev.berth.agent.model;

import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.config.AiConfig;
import dev.berth.protocol.Cost;
import java.nio.charset.StandardCharsets;

/** Prices of tokens, in US dollars per million. */
record Prices(double input, double cachedInput, double cacheWrite, double output) {
    private static final double MILLION = 1_000_000;
    /** Anthropic's surcharge for input that is put into the cache. */
    private static final double ANTHROPIC_CACHE_WRITE = 1.25;
    /** No current model counts an image of any size higher; larger ones are scaled down. */
    private static final int IMAGE_TOKENS = 5_000;
    /** Tokens of a message's role and separators. */
    private static final int MESSAGE_TOKENS = 20;

    static Prices of(AiConfig config) {
        boolean surcharge = config.provider() == AiConfig.Provider.ANTHROPIC;
        return new Prices(
                config.priceInput(),
                config.priceCachedInput(),
                config.priceInput() * (surcharge ? ANTHROPIC_CACHE_WRITE : 1),
                config.priceOutput());
    }

    Cost cost(Tokens usage) {
        long plain = usage.input() - usage.cachedInput() - usage.cacheWrites();
        double micros = plain * input
                + usage.cachedInput() * cachedInput
                + usage.cacheWrites() * cacheWrite
                + usage.output() * output;
        return new Cost(micros / MILLION, usage.input(), usage.output());
    }

    Cost most(Prompt prompt, boolean sees) {
        double dearest = Math.max(cacheWrite, Math.max(input, cachedInput));
        long tokens = mostTokens(prompt, sees);
        return new Cost(
                (tokens * dearest + prompt.maxOutputTokens() * output) / MILLION, tokens, prompt.maxOutputTokens());
    }

    /**
     * The reply with its tokens counted. Where a server does not tell the input, which is never empty, the tokens are estimated, so that
     * limits of cost hold there, too.
     */
    Api.Reply counted(Api.Reply reply, Prompt prompt, boolean sees) {
        Tokens told = reply.tokens();
        if (told.input() > 0) {
            return reply;
        }
        long output = tokens(new PromptMessage.Assistant(reply.text(), reply.calls()), sees);
        return reply.with(new Tokens(mostTokens(prompt, sees), 0, Math.max(told.output(), output)));
    }

    private static long mostTokens(Prompt prompt, boolean sees) {
        long tokens = tokens(prompt.system()) + MESSAGE_TOKENS;
        for (ToolSpec tool : prompt.tools()) {
            tokens += MESSAGE_TOKENS
                    + tokens(tool.name())
                    + tokens(tool.description())
                    + tokens(tool.inputSchema().encode());
        }
        for (PromptMessage message : prompt.messages()) {
            tokens += MESSAGE_TOKENS + tokens(message, sees);
        }
        return tokens;
    }

    private static long tokens(PromptMessage message, boolean sees) {
        int image = sees ? IMAGE_TOKENS : 0;
        if (message instanceof PromptMessage.User user) {
            return tokens(user.text()) + (long) image * user.images().size();
        }
        if (message instanceof PromptMessage.ToolResult result) {
            return tokens(result.callId())
                    + tokens(result.text())
                    + (long) image * result.images().size();
        }
        PromptMessage.Assistant answer = (PromptMessage.Assistant) message;
        long calls = answer.calls().stream()
                .mapToLong(call -> MESSAGE_TOKENS + tokens(call.id()) + tokens(call.name()) + tokens(call.arguments()))
                .sum();
        return calls + answer.text().map(Prices::tokens).orElse(0L);
    }

    /** Two bytes a token: English has four, numbers and markup two to three. */
    private static long tokens(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length / 2 + 1;
    }
}
