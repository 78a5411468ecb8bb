package dev.berth.config;

import java.net.URI;
import java.util.Optional;

/**
 * The language model of AI tasks; there is one if {@code model} is set.
 *
 * @param baseUrl of an endpoint with the provider's API; empty for the provider's own
 * @param priceInput US dollars per million tokens, as the other prices
 * @param maxCostUsd limit for a task that sets none
 * @param vision whether the model takes images
 * @param timeoutMillis limit for one call
 * @param maxTasks how many tasks this node runs at the same time
 */
public record AiConfig(
        Provider provider,
        Optional<URI> baseUrl,
        Optional<String> apiKey,
        Optional<String> model,
        double priceInput,
        double priceCachedInput,
        double priceOutput,
        double maxCostUsd,
        boolean vision,
        long timeoutMillis,
        int maxTasks) {
    static AiConfig read(Settings settings) {
        double priceInput = settings.decimal("ai.price-input", 0);
        return new AiConfig(
                Provider.named(settings.text("ai.provider").orElse("openai")),
                settings.httpUrl("ai.base-url"),
                settings.text("ai.api-key"),
                settings.text("ai.model"),
                priceInput,
                settings.decimal("ai.price-cached-input", priceInput),
                settings.decimal("ai.price-output", 0),
                settings.decimal("ai.max-cost-usd", 1),
                settings.flag("ai.vision", false),
                settings.number("ai.timeout-millis", 60_000, 1_000, 600_000),
                settings.integer("ai.max-tasks", 16, 1, 1_000));
    }

    /** The provider whose API the endpoint has. */
    public enum Provider {
        OPENAI,
        ANTHROPIC;

        static Provider named(String name) {
            return switch (name) {
                case "openai" -> OPENAI;
                case "anthropic" -> ANTHROPIC;
                default -> throw new ConfigException("ai.provider", "must be openai or anthropic");
            };
        }
    }

    public AiConfig {
        requirePrice("ai.price-input", priceInput);
        requirePrice("ai.price-cached-input", priceCachedInput);
        requirePrice("ai.price-output", priceOutput);
        requirePrice("ai.max-cost-usd", maxCostUsd);
        baseUrl.ifPresent(AiConfig::requireBaseUrl);
        if (model.isEmpty() && (baseUrl.isPresent() || apiKey.isPresent())) {
            throw new ConfigException("ai.model", "must be set too");
        }
        if (model.isPresent() && baseUrl.isEmpty() && apiKey.isEmpty()) {
            throw new ConfigException("ai.api-key", "must be set too, or ai.base-url for a model without a key");
        }
        apiKey.filter(key -> !key.matches("[\\x21-\\x7e]+")).ifPresent(key -> {
            throw new ConfigException(
                    "ai.api-key", "must have no spaces, control characters or characters beyond ASCII");
        });
    }

    private static void requireBaseUrl(URI url) {
        if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
            throw new ConfigException("ai.base-url", "must have no user, query or fragment");
        }
    }

    private static void requirePrice(String key, double usd) {
        if (!(usd >= 0 && usd <= 1_000_000)) {
            throw new ConfigException(key, "must be from 0 to 1000000");
        }
    }

    /** The settings without the key, for logs. */
    @Override
    public String toString() {
        return "Ai[" + provider + ", " + model.orElse("no model") + "]";
    }
}
