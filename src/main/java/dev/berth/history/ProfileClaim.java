package dev.berth.history;

import dev.berth.access.KeyBounds;
import dev.berth.database.Statements;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.SaveProfile;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Makes a new session the only one that may save its profile, in the transaction that inserts its row. A session holds its profile for as
 * long as its row is there and has not ended, in whatever way: nothing is given back.
 */
public final class ProfileClaim {
    /** SQL for the session that holds the profile {@code p}: one that has not ended. */
    public static final String HOLDER =
            "(select s.session_id from sessions s where s.session_id = p.writer and s.ended_at is null)";

    private ProfileClaim() {}

    /** The profile that a session is to save. */
    static Optional<ProfileUse> of(CreateSession request) {
        return request.options().profile().filter(use -> use.save() != SaveProfile.NEVER);
    }

    /** Forgets the empty profiles of sessions that never saved them. */
    private static final String FORGET_EMPTY =
            "delete from profiles p where user_id = $1 and name <> $2 and last_version = 0 and not exists " + HOLDER;

    private static final String CLAIM = """
            insert into profiles as p (user_id, name, writer)
            select $1::bigint, $2::text, $3::text
            where exists (select from profiles where user_id = $1 and name = $2)
                or (select count(*) from profiles where user_id = $1) < $4::int
            on conflict (user_id, name) do update set writer = excluded.writer, used_at = excluded.used_at
            where p.writer = excluded.writer or not exists %s
            """.formatted(HOLDER);

    /**
     * To be called with the {@link KeyBounds#LOCK}, after the insert of the session's row. Fails where another session holds the profile,
     * and where it would be one more than {@code most} of its user.
     */
    static Future<Void> claim(Statements together, CreateSession request, ProfileUse use, int most) {
        long user = request.userId();
        return together.rows(FORGET_EMPTY, user, use.name())
                .compose(forgotten -> together.update(CLAIM, user, use.name(), request.sessionId(), most))
                .compose(claimed -> claimed == 1 ? Future.succeededFuture() : refuse(together, user, use.name(), most));
    }

    private static final String WRITER = "select writer from profiles p where user_id = $1 and name = $2";

    private static Future<Void> refuse(Statements together, long user, String name, int most) {
        return together.first(WRITER, row -> row.getString("writer"), user, name)
                .compose(writer -> Future.failedFuture(
                        writer.map(session -> held(name, session)).orElseGet(() -> tooMany(most))));
    }

    private static BerthException held(String name, String session) {
        return new BerthException(
                ErrorCode.CONFLICT,
                "options.profile: " + session + " uses the profile '" + name + "' and may save it at its end",
                "wait for its end, or set save: \"never\" to work on a copy that is not saved");
    }

    private static BerthException tooMany(int most) {
        return new BerthException(
                ErrorCode.LIMIT_REACHED,
                "you have " + most + " profiles, the maximum for a user",
                "DELETE /api/profiles/:name to remove profiles that you no longer need");
    }
}
