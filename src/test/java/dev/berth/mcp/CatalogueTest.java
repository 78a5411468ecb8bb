package dev.berth.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.mcp.Catalogue.Offer;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private final Catalogue catalogue = Catalogue.of(null, null, null);

    @Test
    void namesAreUnique() {
        assertThat(catalogue.offers()).extracting(Offer::name).doesNotHaveDuplicates();
        assertThat(catalogue.resources())
                .extracting(readable -> readable.resource().uri())
                .doesNotHaveDuplicates();
    }

    /** Each request of a client to its model carries all of them. A token has about four characters. */
    @Test
    void allToolsFitInSixThousandTokens() {
        int chars = catalogue.offers().stream()
                .mapToInt(offer -> offer.name().length()
                        + offer.title().length()
                        + offer.description().length()
                        + offer.inputSchema().encode().length())
                .sum();
        assertThat(chars / 4).isLessThan(6_000);
    }
}
