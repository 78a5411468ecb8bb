package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ConfigLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BannerTest {
    private static String addressLine(Map<String, String> settings) {
        return Banner.addressLine(ConfigLoader.withoutFile(settings).http());
    }

    @Test
    void whoListensForAllIsAskedForTheAddressThatClientsUse() {
        String key = "0123456789abcdef";
        assertThat(addressLine(Map.of("BERTH_HTTP_HOST", "0.0.0.0", "BERTH_API_KEY", key)))
                .contains("BERTH_PUBLIC_URL");
        assertThat(addressLine(Map.of(
                        "BERTH_HTTP_HOST",
                        "0.0.0.0",
                        "BERTH_API_KEY",
                        key,
                        "BERTH_PUBLIC_URL",
                        "https://berth.example")))
                .isEmpty();
        assertThat(addressLine(Map.of())).isEmpty();
    }
}
