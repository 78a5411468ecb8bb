package dev.berth.profile;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.Optional;

/** Profiles in the object store, encrypted. */
public final class EncryptedProfiles implements ProfileStore {
    @Override
    public void requireKey() {}

    @Override
    public Future<Optional<StoredProfile>> load(long userId, ProfileUse use) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public ProfileDraft draft(SessionId writer, long userId, String name) {
        throw new BerthException(ErrorCode.UNAVAILABLE, "profiles are not saved yet");
    }
}
