package dev.berth.profile;

import dev.berth.browser.SavedProfile;
import io.vertx.core.Future;

/** A new version of a profile while it is written, to an encrypted file of this node. */
public interface ProfileDraft extends SavedProfile.Destination {
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
