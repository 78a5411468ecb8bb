package dev.berth.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where a server's Postgres is unpacked. The library remembers for the whole JVM where it unpacked what a resolver gave: with one of
 * its own, a server does not depend on the folder of another one.
 */
record PostgresBinaries(Path folder) implements PgBinaryResolver {
    private static final String WORKING_DIR = "ot.epg.working-dir";

    /**
     * A builder that uses {@code folder}. The library learns only from a property of the JVM that it need not make a folder in the
     * system's temporary one: it is set for no longer than the library reads it.
     */
    static synchronized EmbeddedPostgres.Builder builder(Path folder) {
        String before = System.getProperty(WORKING_DIR);
        System.setProperty(WORKING_DIR, folder.toString());
        try {
            return EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(folder.toFile())
                    .setPgBinaryResolver(new PostgresBinaries(folder));
        } finally {
            if (before == null) {
                System.clearProperty(WORKING_DIR);
            } else {
                System.setProperty(WORKING_DIR, before);
            }
        }
    }

    @Override
    public InputStream getPgBinary(String system, String machine) throws IOException {
        return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
    }
}
