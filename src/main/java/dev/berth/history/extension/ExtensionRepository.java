package dev.berth.history.extension;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of browser extensions, which belong to users. Thread-safe. */
public final class ExtensionRepository {
    /** How many a user may have. */
    public static final int MAX_OF_USER = 50;

    private final Database database;

    public ExtensionRepository(Database database) {
        this.database = database;
    }

    /**
     * An extension as its user sees it.
     *
     * @param name the user's, by which sessions ask for it
     * @param extensionId Chrome's: the host of the extension's {@code chrome-extension:} URLs
     * @param title of the manifest
     * @param version of the manifest
     * @param size in bytes, compressed
     */
    public record Extension(
            String name, String extensionId, String title, String version, long size, Instant updatedAt) {}

    /** Where an extension's bytes are. */
    public record StoredExtension(String name, String extensionId, String objectKey, long size) {}

    private static final String ANNOUNCE = """
            insert into garbage (object_key, due_at) values ($1, clock_timestamp() + interval '1 hour')
            on conflict (object_key) do nothing
            """;

    /** To be called before an object is stored: unless {@link #put} follows within the hour, the object is deleted. */
    public Future<Void> announce(String objectKey) {
        return database.rows(ANNOUNCE, objectKey).mapEmpty();
    }

    private static final String PUT = """
            with kept as (delete from garbage where object_key = $6)
            insert into extensions (user_id, name, extension_id, title, version, object_key, size)
            select $1, $2, $3, $4, $5, $6, $7 where exists (select from extensions where user_id = $1 and name = $2)
                or (select count(*) from extensions where user_id = $1) < %d
            on conflict (user_id, name) do update set extension_id = excluded.extension_id, title = excluded.title,
                version = excluded.version, object_key = excluded.object_key, size = excluded.size, updated_at = clock_timestamp()
            returning *
            """.formatted(MAX_OF_USER);

    /** Adds or replaces an extension; empty where the user has as many as they may. */
    public Future<Optional<Extension>> put(long userId, StoredExtension stored, String title, String version) {
        return database.first(
                PUT,
                ExtensionRepository::extension,
                userId,
                stored.name(),
                stored.extensionId(),
                title,
                version,
                stored.objectKey(),
                stored.size());
    }

    private static final String LIST = "select * from extensions where user_id = $1 order by name collate \"C\"";

    /** All extensions of a user, by their names. */
    public Future<List<Extension>> list(long userId) {
        return database.rows(LIST, userId)
                .map(rows -> rows.stream().map(ExtensionRepository::extension).toList());
    }

    private static final String FIND = "select * from extensions where user_id = $1 and name = any($2::text[])";

    /** Those of the user's that have one of these names. */
    public Future<List<StoredExtension>> find(long userId, List<String> names) {
        return database.rows(FIND, userId, Sql.texts(names))
                .map(rows -> rows.stream()
                        .map(row -> new StoredExtension(
                                row.getString("name"),
                                row.getString("extension_id"),
                                row.getString("object_key"),
                                row.getLong("size")))
                        .toList());
    }

    private static final String DELETE = "delete from extensions where user_id = $1 and name = $2";

    /** Removes an extension; false where the user has none of this name. Sessions that run keep it. */
    public Future<Boolean> delete(long userId, String name) {
        return database.update(DELETE, userId, name).map(deleted -> deleted == 1);
    }

    private static Extension extension(Row row) {
        return new Extension(
                row.getString("name"),
                row.getString("extension_id"),
                row.getString("title"),
                row.getString("version"),
                row.getLong("size"),
                Sql.instant(row, "updated_at"));
    }
}
