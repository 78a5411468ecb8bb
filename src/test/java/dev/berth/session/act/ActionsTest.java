package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.PageAction.SetCookies;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActionsTest {
    @Test
    void aRequestIsLoggedWithItsFieldsButNotItsTimeout() {
        assertThat(Actions.request(new Click("#x", MouseButton.LEFT, 2, 9)))
                .isEqualTo(Map.of("selector", "#x", "button", "left", "clickCount", 2));
    }

    @Test
    void enteredTextIsLoggedUnlessItIsSecret() {
        Fill fill = new Fill("#x", "s3cret", 9);
        assertThat(Actions.request(fill)).isEqualTo(Map.of("selector", "#x"));
        assertThat(Actions.outcome(fill, new ElementResult("", true, Optional.empty())))
                .isEqualTo(Map.of("value", "[redacted]"));
        assertThat(Actions.outcome(fill, new ElementResult("", false, Optional.empty())))
                .isEqualTo(Map.of("value", "s3cret"));
        assertThat(Actions.outcome(new Type(Optional.of("#x"), "t", 9), new ElementResult("", true, Optional.empty())))
                .isEqualTo(Map.of("text", "[redacted]"));
    }

    @Test
    void cookieValuesAreNotLogged() {
        Cookie cookie = new Cookie(
                "n",
                "s3cret",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty());
        assertThat(Actions.request(new SetCookies(List.of(cookie), 9))).isEqualTo(Map.of("cookies", 1));
    }
}
