package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitialPromptTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://a.b/c         | https://a.b/c",
                "http://a.b:81/c?d#e   | http://a.b:81/c?d#e",
                "example.com           | https://example.com",
                "example.com:8443/x?y  | https://example.com:8443/x?y",
                "bücher.example        | https://bücher.example",
                "localhost             | http://localhost",
                "localhost:3000/x      | http://localhost:3000/x",
                "127.0.0.1:8080        | http://127.0.0.1:8080",
                "[::1]:80              | http://[::1]:80",
                "about:blank           | about:blank",
                "data:text/html,x      | data:text/html,x"
            })
    void opensAUrlAsAPage(String prompt, String url) {
        assertThat(InitialPrompt.parse(prompt)).isEqualTo(new InitialPrompt.StartUrl(url));
    }

    @Test
    void takesTheSchemeInAnyCase() {
        assertThat(InitialPrompt.parse("HTTP://EXAMPLE.COM"))
                .isInstanceOfSatisfying(
                        InitialPrompt.StartUrl.class,
                        page -> assertThat(page.url()).isEqualToIgnoringCase("http://example.com"));
    }

    @Test
    void ignoresSpaceAroundAUrl() {
        assertThat(InitialPrompt.parse("  example.com\n")).isEqualTo(new InitialPrompt.StartUrl("https://example.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "go to example.com and click",
                "what is 2+2",
                "note: buy milk",
                "e.g. this one",
                "click",
                "open https://a.b/c",
                "note:\nbuy milk"
            })
    void takesAnInstructionAsATask(String prompt) {
        assertThat(InitialPrompt.parse(prompt)).isEqualTo(new InitialPrompt.AiTask(prompt));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "FILE:///etc/passwd",
                "javascript:alert(1)",
                "chrome://crash",
                "view-source:https://a.b",
                "about:config",
                "http://",
                "https:///x",
                "https://?x"
            })
    void refusesAUrlThatAPageMayNotBeSentTo(String prompt) {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> InitialPrompt.parse(prompt))
                .withMessageStartingWith("initialPrompt: ")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
