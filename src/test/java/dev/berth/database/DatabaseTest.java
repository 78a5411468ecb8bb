package dev.berth.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The migrations, as files. */
class DatabaseTest {
    private static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.sorted(Comparator.comparingInt(DatabaseTest::version)).toList();
        }
    }

    private static int version(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("V(\\d+)__.*", "$1"));
    }

    @Test
    void knowsTheNewestMigration() throws IOException {
        List<Path> all = migrations();
        assertThat(Database.NEWEST_MIGRATION).isEqualTo(version(all.get(all.size() - 1)));
    }
}
