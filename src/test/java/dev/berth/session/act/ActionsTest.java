package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.WaitUntil;
import dev.berth.session.keep.Downloads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ActionsTest {
    @Test
    void aRequestIsLoggedWithItsFieldsButNotItsTimeout() {
        assertThat(ActionDetails.request(new Click("#x", MouseButton.LEFT, 2, 9)))
                .isEqualTo(Map.of("selector", "#x", "button", "left", "clickCount", 2));
    }

    @Test
    void enteredTextIsLoggedUnlessItIsSecret() {
        Fill fill = new Fill("#x", "s3cret", 9);
        assertThat(ActionDetails.request(fill)).isEqualTo(Map.of("selector", "#x"));
        assertThat(ActionDetails.outcome(fill, new ElementResult("", true, Optional.empty())))
                .isEqualTo(Map.of("value", "[redacted]"));
        assertThat(ActionDetails.outcome(fill, new ElementResult("", false, Optional.empty())))
                .isEqualTo(Map.of("value", "s3cret"));
        assertThat(ActionDetails.outcome(
                        new Type(Optional.of("#x"), "t", 9), new ElementResult("", true, Optional.empty())))
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
        assertThat(ActionDetails.request(new SetCookies(List.of(cookie), 9))).isEqualTo(Map.of("cookies", 1));
    }

    @Test
    void aNavigationWaitsForTheFileThatItGivesAsLongAsItMay(Vertx vertx) throws Exception {
        HandScheduler clock = new HandScheduler();
        Downloads downloads = new Downloads(vertx);
        Actions actions = new Actions(new FakeBrowser(), clock, null, downloads, null);
        Promise<Navigated> navigated = Promise.promise();
        Future<NavigationResult> result =
                actions.arrived(new Navigate("https://a.b/file", WaitUntil.LOAD, 1_000), navigated.future());
        clock.advance(400);
        NavigationResult page = new NavigationResult("about:blank", "", Optional.empty(), false);
        navigated.complete(new Navigated(page, Optional.of("download")));
        clock.advance(599);
        assertThat(result.isComplete()).isFalse();
        clock.advance(1);
        BerthException late = (BerthException) result.map((Throwable) null)
                .recover(Future::succeededFuture)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(late).hasMessageContaining("not complete within 1000 ms");
    }
}
