package dev.berth.profile;

import dev.berth.browser.SavedProfile;
import io.vertx.core.Future;

/** A version of a profile, in an encrypted file of this node. */
public interface StoredProfile extends SavedProfile {
    int version();

    /** Removes the file. Succeeds where it is gone already. */
    Future<Void> discard();
}
