package dev.berth.access;

import dev.berth.access.AdminLog.Act;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** The acts of admins on users. Thread-safe. */
public final class UserAdministration {
    private static final int MAX_CHARS = 100;
    private static final Pattern NAMING = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}]*");

    private final Database database;

    public UserAdministration(Database database) {
        this.database = database;
    }

    /**
     * A user, as admins see it.
     *
     * @param keys how many it has
     * @param runningSessions those that wait for a place counted
     * @param sessions all of which something is kept
     */
    public record User(String user, Instant createdAt, long keys, long runningSessions, long sessions) {}

    /** A page of the list of users, and the total number of users. */
    public record Page(List<User> users, long total) {}

    /** How much a user had that was removed. The objects of its sessions become garbage. */
    public record RemovedUser(long keys, long sessions) {}

    private static final String LIST = """
            select name, created_at,
                (select count(*) from api_keys where api_keys.user_id = users.user_id) as keys,
                (select count(*) from sessions where sessions.user_id = users.user_id and ended_at is null) as running,
                (select count(*) from sessions where sessions.user_id = users.user_id) as sessions
            from users order by name limit $1 offset $2
            """;
    private static final String COUNT = "select count(*) from users";

    public Future<Page> list(int limit, long offset) {
        return database.list(LIST, UserAdministration::user, (long) limit, offset)
                .compose(users -> database.number(COUNT).map(total -> new Page(users, total)));
    }

    private static User user(Row row) {
        return new User(
                row.getString("name"),
                Sql.instant(row, "created_at"),
                row.getLong("keys"),
                row.getLong("running"),
                row.getLong("sessions"));
    }

    private static final String ADD =
            "insert into users (name) values ($1) on conflict (name) do nothing returning created_at";

    private static void checkName(String name) {
        if (name.isEmpty() || !name.strip().equals(name) || name.contains("/")) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    "user: must not be empty, start or end with a space, or contain a slash");
        }
    }

    /** Throws where people could not read a name, or Postgres not keep it. */
    static void checkText(String field, String text) {
        if (text.length() > MAX_CHARS || !NAMING.matcher(text).matches()) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": must have at most " + MAX_CHARS + " characters and no control characters");
        }
    }

    public Future<User> create(Actor by, String name) {
        checkText("user", name);
        return database.transaction(together -> together.first(ADD, row -> Sql.instant(row, "created_at"), name)
                .map(made -> made.orElseThrow(
                        () -> new BerthException(ErrorCode.CONFLICT, "user: a user with this name already exists")))
                .compose(at -> tell(together, by, name).map(new User(name, at, 0, 0, 0))));
    }

    /** Makes the user where there is none of this name. */
    static Future<?> ensure(Statements together, Actor by, String name) {
        return together.first(ADD, row -> row, name)
                .compose(made -> made.isPresent() ? tell(together, by, name) : Future.succeededFuture());
    }

    /** Users that an earlier version made may have other names. */
    private static Future<Void> tell(Statements together, Actor by, String name) {
        checkName(name);
        return AdminLog.add(together, by, Act.USER_CREATED, name, new JsonObject());
    }

    private static final String COUNT_ALL = """
            select (select count(*) from sessions where sessions.user_id = users.user_id and ended_at is null) as running,
                exists (select from api_keys where api_keys.user_id = users.user_id and admin and expires_at is null)
                    and not exists (select from api_keys where api_keys.user_id <> users.user_id and admin and expires_at is null)
                    as last,
                (select count(*) from api_keys where api_keys.user_id = users.user_id) as keys,
                (select count(*) from sessions where sessions.user_id = users.user_id) as sessions
            from users where name = $1
            """;

    /** Locks the user's row: no session of the user can begin until the transaction ends. */
    private static final String HOLD = "select from users where name = $1 for update";

    /** Fails where there is no such user, or where one must remain. Sessions that run or wait do not matter. */
    public Future<Void> requireRemovable(String name) {
        return database.first(COUNT_ALL, row -> row.getBoolean("last"), name)
                .map(found -> found.orElseThrow(UserAdministration::unknown))
                .compose(last -> last ? Future.failedFuture(KeyAdministration.last()) : Future.<Void>succeededFuture());
    }

    /** Removes a user with its keys, its sessions and all that Postgres has of them. */
    public Future<RemovedUser> remove(Actor by, String name) {
        return database.longTransaction(together -> KeyAdministration.lockAdmins(together)
                .compose(locked -> together.rows(HOLD, name))
                .compose(held -> together.first(COUNT_ALL, UserAdministration::removable, name))
                .map(found -> found.orElseThrow(UserAdministration::unknown))
                .compose(counted -> KeyRepository.remove(together, name).map(counted))
                .compose(removed -> AdminLog.add(
                                together,
                                by,
                                Act.USER_REMOVED,
                                name,
                                new JsonObject().put("keys", removed.keys()).put("sessions", removed.sessions()))
                        .map(removed)));
    }

    private static BerthException unknown() {
        return new BerthException(ErrorCode.NOT_FOUND, "no user has this name");
    }

    private static RemovedUser removable(Row row) {
        if (row.getLong("running") > 0) {
            throw new BerthException(
                    ErrorCode.CONFLICT,
                    "this user has running or waiting sessions: " + row.getLong("running"),
                    "end them with DELETE /api/admin/users/:name?sessions=end, or wait until they have ended");
        }
        if (row.getBoolean("last")) {
            throw KeyAdministration.last();
        }
        return new RemovedUser(row.getLong("keys"), row.getLong("sessions"));
    }
}
