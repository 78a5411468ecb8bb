package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeBrowsersTest {
    @Test
    void aChromeWithoutSandboxIsExplainedAndOtherFailuresKeepTheirWords() {
        assertThat(NodeBrowsers.explain("Chrome exited with code 1. It said: No usable sandbox! If this is a …"))
                .startsWith("Chrome's sandbox needs user namespaces")
                .contains("docker/seccomp.json", "apparmor", "BERTH_CHROME_SANDBOX")
                .doesNotContain("\n");
        assertThat(NodeBrowsers.explain("Chrome exited with code 7")).isEqualTo("Chrome exited with code 7");
    }
}
