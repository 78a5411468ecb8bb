package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfinementTest {
    private static String status(String effective) {
        return "Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + effective + "\nCapBnd:\t000001ffffffffff\n";
    }

    @Test
    void theCapabilitiesOfAnOrdinaryContainerAreEnough() {
        assertThat(Confinement.missingCapabilities(status("00000000a80425fb"))).isEmpty();
        assertThat(Confinement.missingCapabilities(status("ffffffffffffffff"))).isEmpty();
    }

    @Test
    void eachCapabilityThatIsWithheldIsNamed() {
        assertThat(Confinement.missingCapabilities(status("0000000000000000")))
                .containsExactly("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID");
        assertThat(Confinement.missingCapabilities(status("000000000000004b"))).containsExactly("KILL", "SETUID");
    }
}
