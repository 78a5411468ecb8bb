package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.http.access.Holder;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferSlotsTest {
    private long now;
    private final List<Long> ended = new ArrayList<>();
    private final TransferSlots slots = new TransferSlots(() -> now, TransferSlots.ARTIFACTS);

    private TransferSlots.Slot take(long keyId) {
        return slots.take(new Holder(keyId, false), () -> ended.add(keyId));
    }

    private static BerthException refusal(TransferSlots from) {
        return catchThrowableOfType(BerthException.class, () -> {
            while (true) {
                from.take(new Holder(1, false), () -> {});
            }
        });
    }

    private void assertRefused(long keyId, ErrorCode code) {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> take(keyId))
                .matches(e -> e.code() == code);
    }

    private void pass(long nanos) {
        now += nanos;
        slots.sweep();
    }

    @Test
    void eachKeyHasItsOwnLimit() {
        TransferSlots.Slot first = take(1);
        for (int i = 1; i < TransferSlots.ARTIFACTS.maxEach(); i++) {
            take(1);
        }
        assertRefused(1, ErrorCode.LIMIT_REACHED);
        take(2);
        first.giveBack();
        first.giveBack();
        take(1);
        assertRefused(1, ErrorCode.LIMIT_REACHED);
    }

    @Test
    void theRefusalSaysWhoHasTooMany() {
        assertThat(refusal(slots)).hasMessage("an API key may have at most 16 artifacts sent at once; try again");
        assertThat(refusal(new TransferSlots(
                        () -> now, new TransferSlots.Limits(8, 2, "a user", "HAR files", ErrorCode.NOT_READY))))
                .hasMessage("a user may have at most 2 HAR files sent at once; try again");
    }

    @Test
    void theTotalIsLimited() {
        List<TransferSlots.Slot> all = new ArrayList<>();
        for (int i = 0; i < TransferSlots.ARTIFACTS.max(); i++) {
            all.add(take(i));
        }
        assertRefused(1_000, ErrorCode.NOT_READY);
        all.get(0).giveBack();
        take(1_000);
    }

    @Test
    void linksTakeNoSlotOfAKeyAndHaveAtMostHalf() {
        int half = TransferSlots.ARTIFACTS.max() / 2;
        List<TransferSlots.Slot> ofLinks = new ArrayList<>();
        for (int i = 0; i < half; i++) {
            ofLinks.add(slots.take(new Holder(i / 2, true), () -> {}));
        }
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> slots.take(new Holder(1_000, true), () -> {}))
                .withMessage("too many artifacts are being sent; try again");
        for (int i = 0; i < half; i++) {
            take(i);
        }
        ofLinks.get(0).giveBack();
        slots.take(new Holder(1_000, true), () -> {});
    }

    @Test
    void aVerySlowTransferIsEnded() {
        TransferSlots.Slot slow = take(1);
        TransferSlots.Slot fast = take(2);
        for (int minutes = 0; minutes < 9; minutes++) {
            slow.sent(1 << 18);
            fast.sent(4 << 20);
            pass(TransferSlots.WINDOW_NANOS / 10);
        }
        assertThat(ended).isEmpty();
        pass(TransferSlots.WINDOW_NANOS / 10);
        assertThat(ended).containsExactly(1L);
        // Bytes sent earlier count for their own window only.
        slow.giveBack();
        pass(TransferSlots.WINDOW_NANOS);
        assertThat(ended).containsExactly(1L, 2L);
    }

    @Test
    void aFinishedTransferIsNotEnded() {
        take(1).giveBack();
        pass(TransferSlots.WINDOW_NANOS);
        assertThat(ended).isEmpty();
    }
}
