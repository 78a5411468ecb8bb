package dev.berth.history.profile;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.ProfileClaim;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The rows of profiles and of their versions. Thread-safe. */
public final class ProfileRepository {
    /** How many versions of a profile are kept. */
    public static final int VERSIONS = 3;

    private final Database database;

    public ProfileRepository(Database database) {
        this.database = database;
    }

    /**
     * A stored version of a profile.
     *
     * @param bytes of its object
     * @param keyId which key it is encrypted with
     * @param folders whether it has folders of Chrome's
     */
    public record StoredVersion(int version, String objectKey, long bytes, String keyId, boolean folders) {}

    private static final String FIND = """
            with used as (update profiles set used_at = clock_timestamp() where user_id = $1 and name = $2 returning profile_id)
            select v.version, v.object_key, v.size, v.key_id, v.folders from used join profile_versions v using (profile_id)
            where v.version = coalesce($3::int, v.version) order by v.version desc limit 1
            """;

    /**
     * A version for a session to begin with, which counts as a use of the profile.
     *
     * @param version empty for the newest
     */
    public Future<Optional<StoredVersion>> use(long userId, String name, Optional<Integer> version) {
        return database.first(
                FIND,
                row -> new StoredVersion(
                        row.getInteger("version"),
                        row.getString("object_key"),
                        row.getLong("size"),
                        row.getString("key_id"),
                        row.getBoolean("folders")),
                userId,
                name,
                version);
    }

    private static final String KEPT = """
            select version from profiles join profile_versions using (profile_id)
            where user_id = $1 and name = $2 and version = $3
            """;

    /** Whether a version of a profile can still be begun with. */
    public Future<Boolean> keeps(long userId, String name, int version) {
        return database.first(KEPT, row -> row.getInteger("version"), userId, name, version)
                .map(Optional::isPresent);
    }

    private static final String ANNOUNCE = """
            insert into garbage (object_key, due_at) values ($1, clock_timestamp() + interval '1 hour')
            on conflict (object_key) do nothing
            """;

    /** To be called before an object is stored: unless it becomes a version within the hour, it is deleted. */
    public Future<Void> announce(String objectKey) {
        return database.rows(ANNOUNCE, objectKey).mapEmpty();
    }

    /**
     * A version that is stored.
     *
     * @param bytes of its object
     */
    public record NewVersion(String objectKey, long bytes, boolean folders, String keyId) {}

    /** The session may not end until the transaction does. */
    private static final String ADD = """
            with held as (
                select p.profile_id, p.last_version + 1 as version from profiles p join sessions s on s.session_id = p.writer
                where p.user_id = $1 and p.name = $2 and p.writer = $3 and s.ended_at is null
                for no key update of p for share of s),
            raised as (
                update profiles p set last_version = held.version, used_at = clock_timestamp() from held
                where p.profile_id = held.profile_id),
            kept as (delete from garbage g using held where g.object_key = $4),
            old as (delete from profile_versions v using held
                where v.profile_id = held.profile_id and v.version <= held.version - %d)
            insert into profile_versions (profile_id, version, object_key, size, folders, key_id, session_id)
            select profile_id, version, $4, $5, $6, $7, $3 from held
            returning version
            """.formatted(VERSIONS);

    /** Adds the newest version, and removes those that are too old. Gives its number; empty where this session may not save the profile. */
    public Future<Optional<Integer>> add(long userId, String name, SessionId writer, NewVersion added) {
        return database.first(
                ADD,
                row -> row.getInteger("version"),
                userId,
                name,
                writer,
                added.objectKey(),
                added.bytes(),
                added.folders(),
                added.keyId());
    }

    /**
     * A profile as its user sees it.
     *
     * @param usedAt when a session last began with it, or saved it
     * @param writer the session that holds it: it may save it at its end
     * @param versions the newest first
     */
    public record Profile(
            String name, Instant createdAt, Instant usedAt, Optional<String> writer, List<ProfileVersion> versions) {
        public Profile {
            versions = List.copyOf(versions);
        }
    }

    /**
     * A version as its user sees it.
     *
     * @param size in bytes
     * @param folders whether it has more than cookies and sessionStorage
     * @param sessionId of the session that saved it
     */
    public record ProfileVersion(int version, Instant createdAt, long size, boolean folders, String sessionId) {}

    /** A page of the list of a user's profiles, and their total number. */
    public record Page(List<Profile> profiles, long total, boolean hasMore) {
        public Page {
            profiles = List.copyOf(profiles);
        }
    }

    /** A profile is none yet where its sessions ended without saving. */
    private static final String OF_USER =
            " from profiles p where p.user_id = $1 and (p.last_version > 0 or exists " + ProfileClaim.HOLDER + ")";

    private static final String SHOW = """
            select p.name, p.created_at, p.used_at, count(*) over () as total,
                %s as writer,
                (select coalesce(json_agg(v order by v.version desc), '[]'::json) from profile_versions v
                    where v.profile_id = p.profile_id) as versions
            """.formatted(ProfileClaim.HOLDER) + OF_USER;

    private static final String LIST = SHOW + " order by p.name collate \"C\" limit $2 offset $3";
    private static final String COUNT = "select count(*)" + OF_USER;

    /** The profiles of a user, by their names. */
    public Future<Page> list(long userId, int limit, long offset) {
        return database.rows(LIST, userId, (long) limit, offset)
                .compose(rows -> (rows.size() > 0
                                ? Future.succeededFuture(rows.iterator().next().getLong("total"))
                                : database.number(COUNT, userId))
                        .map(total -> new Page(
                                rows.stream().map(ProfileRepository::profile).toList(),
                                total,
                                offset + rows.size() < total)));
    }

    private static final String GET = SHOW + " and p.name = $2";

    public Future<Optional<Profile>> get(long userId, String name) {
        return database.first(GET, ProfileRepository::profile, userId, name);
    }

    private static Profile profile(Row row) {
        return new Profile(
                row.getString("name"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "used_at"),
                Sql.optional(row, "writer"),
                row.getJsonArray("versions").stream()
                        .map(JsonObject.class::cast)
                        .map(v -> new ProfileVersion(
                                v.getInteger("version"),
                                OffsetDateTime.parse(v.getString("created_at")).toInstant(),
                                v.getLong("size"),
                                v.getBoolean("folders"),
                                v.getString("session_id")))
                        .toList());
    }

    private static final String HOLD = "select from profiles where user_id = $1 and name = $2 for update";

    private static final String WRITER =
            "select writer from profiles p where user_id = $1 and name = $2 and exists " + ProfileClaim.HOLDER;

    private static final String DELETE = "delete from profiles where user_id = $1 and name = $2";

    /** Removes a profile; false where there is none. Fails with {@link ErrorCode#CONFLICT} while a session holds it. */
    public Future<Boolean> delete(long userId, String name) {
        // The session of a claim that was waited for is seen by the statements after it.
        return database.transaction(together -> together.rows(HOLD, userId, name)
                .compose(held -> together.first(WRITER, row -> row.getString("writer"), userId, name))
                .compose(writer -> writer.isPresent()
                        ? Future.failedFuture(held(name, writer.get()))
                        : delete(together, userId, name)));
    }

    private static Future<Boolean> delete(Statements together, long userId, String name) {
        return together.update(DELETE, userId, name).map(deleted -> deleted == 1);
    }

    private static BerthException held(String name, String session) {
        return new BerthException(
                ErrorCode.CONFLICT,
                session + " uses the profile '" + name + "' and may save it at its end",
                "end the session first");
    }
}
