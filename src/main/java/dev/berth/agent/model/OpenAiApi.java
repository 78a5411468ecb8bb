package dev.berth.agent.model;

import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.config.AiConfig;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Chat completions, which most servers of models have. The provider caches by itself what prompts begin with. */
final class OpenAiApi implements Api {
    private static final String OWN_URL = "https://api.openai.com/v1";

    private final AiConfig config;
    private final boolean own;

    OpenAiApi(AiConfig config) {
        this.config = config;
        own = config.baseUrl()
                .map(URI::getHost)
                .map(host -> host.endsWith(".openai.com") || host.endsWith(".openai.azure.com"))
                .orElse(true);
    }

    @Override
    public Reply send(Prompt prompt, Exchange exchange) {
        ChatResponse response = OpenAiChatModel.builder()
                .httpClientBuilder(exchange)
                .baseUrl(config.baseUrl().map(URI::toString).orElse(OWN_URL))
                .apiKey(config.apiKey().orElse(null))
                .maxRetries(0)
                .build()
                .chat(ChatRequest.builder()
                        .messages(messages(prompt))
                        .parameters(parameters(prompt))
                        .build());
        return new Reply(
                Translation.text(response.aiMessage()),
                Translation.calls(response.aiMessage()),
                usage(response.tokenUsage()),
                response.finishReason() == FinishReason.LENGTH,
                response.finishReason() == FinishReason.CONTENT_FILTER);
    }

    /** OpenAI's newer models refuse the old name of the limit; most others know only that one. */
    private OpenAiChatRequestParameters parameters(Prompt prompt) {
        OpenAiChatRequestParameters.Builder parameters =
                OpenAiChatRequestParameters.builder().modelName(config.model().orElseThrow());
        parameters.toolSpecifications(Translation.tools(prompt.tools()));
        if (own) {
            parameters.maxCompletionTokens(prompt.maxOutputTokens());
        } else {
            parameters.maxOutputTokens(prompt.maxOutputTokens());
        }
        return parameters.build();
    }

    private List<ChatMessage> messages(Prompt prompt) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(SystemMessage.from(prompt.system()));
        List<Image> pending = new ArrayList<>();
        for (PromptMessage message : prompt.messages()) {
            if (!(message instanceof PromptMessage.ToolResult)) {
                flush(pending, messages);
            }
            add(message, messages, pending);
        }
        flush(pending, messages);
        return messages;
    }

    private void add(PromptMessage message, List<ChatMessage> messages, List<Image> pending) {
        if (message instanceof PromptMessage.User user) {
            messages.add(UserMessage.from(Translation.contents(user.text(), seen(user.images()))));
        } else if (message instanceof PromptMessage.ToolResult result) {
            messages.add(ToolExecutionResultMessage.from(result.callId(), result.tool(), result.text()));
            pending.addAll(seen(result.images()));
        } else {
            messages.add(Translation.assistant((PromptMessage.Assistant) message));
        }
    }

    private List<Image> seen(List<Image> images) {
        return config.vision() ? images : List.of();
    }

    /** A tool's result takes no images, and all results of a turn follow it directly: so these come after them. */
    private static void flush(List<Image> pending, List<ChatMessage> messages) {
        if (!pending.isEmpty()) {
            List<Content> contents = Translation.contents("Images of the results above:", pending);
            messages.add(UserMessage.from(contents));
            pending.clear();
        }
    }

    private static Tokens usage(TokenUsage usage) {
        if (usage == null) {
            return Tokens.NONE;
        }
        long cached = usage instanceof OpenAiTokenUsage own && own.inputTokensDetails() != null
                ? Translation.count(own.inputTokensDetails().cachedTokens())
                : 0;
        return new Tokens(
                Translation.count(usage.inputTokenCount()), cached, Translation.count(usage.outputTokenCount()));
    }
}
