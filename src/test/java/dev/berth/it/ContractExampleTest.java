package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@link ContractExamplesIT} would tell minutes later. */
class ContractExampleTest {
    @Test
    void everyOperationHasAnExample() {
        assertThat(ContractExample.all().map(ContractExample::name))
                .doesNotHaveDuplicates()
                .contains("createSession: phone", "click", "goBack", "drain");
    }
}
