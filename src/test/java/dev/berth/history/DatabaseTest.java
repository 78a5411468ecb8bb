package dev.berth.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void knowsTheNewestMigration() {
        String[] files = new File("src/main/resources/db/migration").list();
        int newest = Arrays.stream(files)
                .mapToInt(name -> Integer.parseInt(name.replaceAll("V(\\d+)__.*", "$1")))
                .max()
                .orElseThrow();
        assertThat(Database.NEWEST_MIGRATION).isEqualTo(Integer.toString(newest));
    }
}
