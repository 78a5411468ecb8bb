package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.FileCommand.FileName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    private static final Path FOLDER = Path.of("/uploads/1");

    @ParameterizedTest
    @CsvSource({
        "a.txt, a.txt",
        "../../etc/passwd, passwd",
        "C:\\dir\\x.txt, x.txt",
        "'\u2028/usr/bin/setpriv', setpriv",
        "'/usr\u2029/x', x",
        "'a\u2028b.txt', a_b.txt",
        "'a\tb\u0000c\u0085d\u202ee\ufefff', a_b_c_d_e_f",
        "'\ud83dx\udc00', _x_",
        "'\u00a0\u2007 x.txt\u3000', x.txt",
        "'jährlich 😀.csv', 'jährlich 😀.csv'",
        ".bashrc, .bashrc"
    })
    void invalidPartsOfANameAreRemoved(String given, String name) {
        assertThat(FileName.of(given)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "/", "\\", "a/..", "a/", " ", "\u00a0..\u2003"})
    void theResultIsNeverEmpty(String given) {
        assertThat(FileName.of(given)).isEqualTo("file");
    }

    @Test
    void aLongNameKeepsItsExtension() {
        assertThat(FileName.of("x".repeat(300) + ".txt")).isEqualTo("x".repeat(196) + ".txt");
        assertThat(FileName.of("x.txt" + "y".repeat(300))).hasSize(200).startsWith("x.txty");
        assertThat(FileName.of("." + "y".repeat(300))).hasSize(200);
    }

    @Test
    void aLongNameIsCutByBytesAndNeverWithinACharacter() {
        assertThat(FileName.of("€".repeat(90) + ".txt")).isEqualTo("€".repeat(65) + ".txt");
        assertThat(FileName.of("😀".repeat(90))).isEqualTo("😀".repeat(50));
        assertThat(FileName.of("x" + "😀".repeat(90))).isEqualTo("x" + "😀".repeat(49));
    }

    @Test
    void aFileFromTheBusGetsASafeName() {
        ArtifactEntry artifact = new ArtifactEntry(
                "o", ArtifactType.UPLOAD, "k", Optional.empty(), Instant.EPOCH, "text/plain", 1, ArtifactState.STORED);
        assertThat(new UploadedFile("\u2028/etc/passwd", artifact).name()).isEqualTo("passwd");
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> new UploadedFile(null, artifact))
                .withMessageContaining("name");
    }

    @RepeatedTest(20)
    void noNameLeavesItsFolder() {
        Random random = new Random();
        char[] odd = {
            '/', '\\', '.', '.', '\0', '\n', '\u2028', '\u2029', '\u0085', '\u00a0', '\ud83d', '\ude00', 'é', ' ', 'x'
        };
        for (int i = 0; i < 1_000; i++) {
            StringBuilder given = new StringBuilder();
            random.ints(random.nextInt(400), 0, odd.length).forEach(at -> given.append(odd[at]));
            String name = FileName.of(given.toString());
            assertThat(FOLDER.resolve(name).normalize().getParent()).isEqualTo(FOLDER);
            assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 200);
            assertThat(FileName.of(name)).isEqualTo(name);
        }
    }
}
