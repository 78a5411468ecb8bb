package dev.berth.profile;

import dev.berth.browser.SavedProfile;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.Optional;

/** The store of profiles between sessions. The claim of a session's row decides which session may save a profile. Thread-safe. */
public interface ProfileStore {
    /**
     * Throws {@link dev.berth.protocol.BerthException} where this node has no key to encrypt profiles with, so that no session may use
     * one.
     */
    void requireKey();

    /** Fails with {@link dev.berth.protocol.ErrorCode#NOT_FOUND} where the version that is asked for is not kept. */
    Future<Void> requireVersion(long userId, ProfileUse use);

    /**
     * The profile for a session to begin with. Empty where there is none yet: the first save makes it. Fails where the version that is
     * asked for is not kept any more, where its key is not among this node's, and where the object store does not give it in time.
     */
    Future<Optional<StoredProfile>> load(long userId, ProfileUse use);

    /** Begins a new version. Nothing is written before {@link ProfileDraft#open}. */
    ProfileDraft draft(SessionId writer, long userId, String name);

    /** A version of a profile, in an encrypted file of this node. */
    interface StoredProfile extends SavedProfile {
        int version();

        /** Removes the file. Succeeds where it is gone already. */
        Future<Void> discard();
    }

    /** A new version of a profile while it is written, to an encrypted file of this node. */
    interface ProfileDraft extends SavedProfile.Destination {
        /**
         * Keeps what was written as the newest version, and removes the file. To be called once, after the stream is closed. Fails, and the
         * version before stays the newest, where the writer has ended or does not hold the profile any more, or the object store does not
         * take it in time.
         *
         * @return the version's number
         */
        Future<Integer> commit(SavedProfile.Contents contents);

        /** Removes the file. A {@link #commit} that is under way fails, unless its version is being recorded already. */
        Future<Void> discard();
    }
}
