package dev.berth.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The migrations, as files. */
class DatabaseTest {
    /** The first that has to leave a database with which nodes of the version before go on. */
    private static final int FIRST_EXPANDING = 15;

    private static final Pattern BREAKING = Pattern.compile(
            "\\bdrop\\b|\\brename\\b|\\btruncate\\b|set\\s+not\\s+null|alter\\s+column\\s+\\w+\\s+type|add\\s+constraint"
                    // What the version before writes has none of it.
                    + "|add\\s+column(?![^,;]*\\bdefault\\b)[^,;]*\\bnot\\s+null",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern COMMENTS = Pattern.compile("--.*");

    private static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.sorted(Comparator.comparingInt(DatabaseTest::version)).toList();
        }
    }

    private static int version(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("V(\\d+)__.*", "$1"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void knowsTheNewestMigration() throws IOException {
        List<Path> all = migrations();
        assertThat(Database.NEWEST_MIGRATION).isEqualTo(version(all.get(all.size() - 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table sessions drop column title",
                "ALTER TABLE sessions RENAME COLUMN title TO name",
                "alter table sessions alter column title set not null",
                "alter table sessions alter column title type bytea",
                "alter table sessions add column mood text not null",
                "alter table sessions add constraint titled check (title <> '')",
                "drop table sessions"
            })
    void whatAnOlderNodeCantWorkWithBreaks(String sql) {
        assertThat(sql).containsPattern(BREAKING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table sessions add column mood text",
                "alter table sessions add column mood text not null default ''",
                "create table moods (mood text not null)",
                "create index sessions_by_title on sessions (title)"
            })
    void whatItMayIgnoreDoesNot(String sql) {
        assertThat(sql).doesNotContainPattern(BREAKING);
    }

    @Test
    void aMigrationOnlyAddsUnlessItSaysThatItContractsAnEarlierOne() throws IOException {
        List<Path> expanding = migrations().stream()
                .filter(file -> version(file) >= FIRST_EXPANDING)
                .filter(file -> !text(file).matches("(?s)-- contracts V\\d+.*"))
                .toList();
        assertThat(expanding).isNotEmpty();
        assertThat(expanding)
                .allSatisfy(file ->
                        assertThat(COMMENTS.matcher(text(file)).replaceAll("")).doesNotContainPattern(BREAKING));
    }
}
