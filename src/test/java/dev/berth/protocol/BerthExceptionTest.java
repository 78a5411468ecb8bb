package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BerthExceptionTest {
    private static BerthException sent(BerthException e) {
        return BerthException.ofReply(e.code(), e.replyText());
    }

    @Test
    void aReplyHasTheMessageTheHintAndWhenItIsWorthATryAgain() {
        BerthException all = sent(new BerthException(ErrorCode.LIMIT_REACHED, "a\u001f7b", "wait", 35));
        assertThat(all).hasMessage("a\u001f7b");
        assertThat(all.hint()).contains("wait");
        assertThat(all.retrySeconds()).isEqualTo(35);
        BerthException withoutHint = sent(new BerthException(ErrorCode.LIMIT_REACHED, "full", "", 1));
        assertThat(withoutHint).hasMessage("full");
        assertThat(withoutHint.hint()).isEmpty();
        assertThat(withoutHint.retrySeconds()).isEqualTo(1);
        BerthException plain = sent(new BerthException(ErrorCode.CONFLICT, "taken", "choose another"));
        assertThat(plain.hint()).contains("choose another");
        assertThat(plain.retrySeconds()).isZero();
        assertThat(sent(new BerthException(ErrorCode.CONFLICT, "taken"))).hasMessage("taken");
    }
}
