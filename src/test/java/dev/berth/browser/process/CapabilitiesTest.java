package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static String status(String effective) {
        return "Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + effective + "\nCapBnd:\t000001ffffffffff\n";
    }

    @Test
    void thoseOfAnOrdinaryContainerAreEnough() {
        assertThat(Capabilities.missing(status("00000000a80425fb"))).isEmpty();
        assertThat(Capabilities.missing(status("ffffffffffffffff"))).isEmpty();
    }

    @Test
    void eachThatIsWithheldIsNamed() {
        assertThat(Capabilities.missing(status("0000000000000000")))
                .containsExactly("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID");
        assertThat(Capabilities.missing(status("000000000000004b"))).containsExactly("KILL", "SETUID");
    }
}
