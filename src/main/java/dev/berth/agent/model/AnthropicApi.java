package dev.berth.agent.model;

import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.config.AiConfig;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Anthropic's messages. It caches up to marks, four at the most: one after the tools, one after the system prompt, and
 * two in the conversation, where this turn's prompt ends (to be read by the next turn) and where the last one's did.
 */
final class AnthropicApi implements Api {
    private static final String OWN_URL = "https://api.anthropic.com/v1";
    private static final Map<String, Object> MARK = Map.of("cache_control", "ephemeral");

    private final AiConfig config;

    AnthropicApi(AiConfig config) {
        this.config = config;
    }

    @Override
    public Reply send(Prompt prompt, Exchange exchange) {
        ChatResponse response = AnthropicChatModel.builder()
                .httpClientBuilder(exchange)
                .baseUrl(config.baseUrl().map(URI::toString).orElse(OWN_URL))
                .apiKey(config.apiKey().orElse("none"))
                .modelName(config.model().orElseThrow())
                .cacheSystemMessages(true)
                .cacheTools(true)
                .maxRetries(0)
                .build()
                .chat(ChatRequest.builder()
                        .messages(messages(prompt))
                        .toolSpecifications(Translation.tools(prompt.tools()))
                        .maxOutputTokens(prompt.maxOutputTokens())
                        .build());
        return new Reply(
                Translation.text(response.aiMessage()),
                Translation.calls(response.aiMessage()),
                usage(response.tokenUsage()),
                response.finishReason() == FinishReason.LENGTH,
                refused(response));
    }

    private List<ChatMessage> messages(Prompt prompt) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(SystemMessage.from(prompt.system()));
        int last = prompt.messages().size() - 1;
        int before = endOfLastPrompt(prompt.messages());
        for (int i = 0; i <= last; i++) {
            messages.add(message(prompt.messages().get(i), i == last || i == before));
        }
        return messages;
    }

    /** The index of the message before the model's last answer. */
    private static int endOfLastPrompt(List<PromptMessage> messages) {
        int i = messages.size() - 1;
        while (i >= 0 && !(messages.get(i) instanceof PromptMessage.Assistant)) {
            i--;
        }
        return i - 1;
    }

    private ChatMessage message(PromptMessage message, boolean marked) {
        Map<String, Object> attributes = marked ? MARK : Map.of();
        if (message instanceof PromptMessage.User user) {
            return UserMessage.builder()
                    .contents(Translation.contents(user.text(), seen(user.images())))
                    .attributes(attributes)
                    .build();
        }
        if (message instanceof PromptMessage.ToolResult result) {
            return ToolExecutionResultMessage.builder()
                    .id(result.callId())
                    .toolName(result.tool())
                    .contents(Translation.contents(result.text(), seen(result.images())))
                    .attributes(attributes)
                    .build();
        }
        return Translation.assistant((PromptMessage.Assistant) message);
    }

    private List<Image> seen(List<Image> images) {
        return config.vision() ? images : List.of();
    }

    /** Whether Anthropic refused to answer, for which the SDK has no finish reason. */
    private static boolean refused(ChatResponse response) {
        return response.finishReason() == FinishReason.OTHER
                && response.metadata() instanceof AnthropicChatResponseMetadata metadata
                && "refusal".equals(new JsonObject(metadata.rawHttpResponse().body()).getValue("stop_reason"));
    }

    /** Anthropic's count of input leaves out what is read from the cache or put into it. */
    private static Tokens usage(TokenUsage usage) {
        if (!(usage instanceof AnthropicTokenUsage own)) {
            return Tokens.NONE;
        }
        long read = Translation.count(own.cacheReadInputTokens());
        long written = Translation.count(own.cacheCreationInputTokens());
        return new Tokens(
                Translation.count(own.inputTokenCount()) + read + written,
                read,
                written,
                Translation.count(own.outputTokenCount()));
    }
}
