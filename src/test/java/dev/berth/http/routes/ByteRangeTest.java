package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.routes.ArtifactTransfer.ByteRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 0, 10",
        "bytes=90-, 90, 10",
        "bytes=90-1000, 90, 10",
        "bytes=-10, 90, 10",
        "bytes=-1000, 0, 100",
        "bytes=99-99, 99, 1",
    })
    void aRangeIsClippedToTheFile(String header, long first, long length) {
        assertThat(ByteRange.parse(header, 100)).hasValue(new ByteRange(first, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=1000-2000", "bytes=-0"})
    void aRangeOutsideTheFileIsEmpty(String header) {
        assertThat(ByteRange.parse(header, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes=-",
                "bytes=5-2",
                "bytes=0-1,5-6",
                "lines=0-1",
                "bytes=a-b",
                "bytes=9999999999999999999-"
            })
    void anUnsupportedRangeIsTheWholeFile(String header) {
        assertThat(ByteRange.parse(header, 100)).hasValue(ByteRange.whole(100));
    }

    @Test
    void anEmptyFileHasNoRanges() {
        assertThat(ByteRange.parse("bytes=0-", 0)).isEmpty();
        assertThat(ByteRange.parse("bytes=-5", 0)).isEmpty();
    }
}
