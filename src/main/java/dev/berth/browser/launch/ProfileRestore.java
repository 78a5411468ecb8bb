package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.process.ProfileArchive;
import dev.berth.browser.storage.ProfileState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restores a saved profile: its folders before its Chrome is started, and the state for that Chrome to be given afterwards. */
final class ProfileRestore {
    private static final Logger log = LoggerFactory.getLogger(ProfileRestore.class);
    static final ProfileRestore NONE = new ProfileRestore(Optional.empty(), 0);

    private final Optional<SavedProfile> profile;
    private final long maxDiskBytes;
    private volatile ProfileState state = ProfileState.NONE;

    /** @param maxDiskBytes how much the session may take of the disk */
    ProfileRestore(Optional<SavedProfile> profile, long maxDiskBytes) {
        this.profile = profile;
        this.maxDiskBytes = maxDiskBytes;
    }

    /** Writes the profile's folders. Blocks. */
    void into(Path home, OptionalInt owner) {
        profile.ifPresent(saved -> state = ProfileState.of(
                read(() -> ProfileArchive.unpack(saved, home, owner, ProfileState.MAX_BYTES, maxDiskBytes))));
    }

    /** The state of a profile, for a Chrome that is up already. Blocks. */
    static ProfileState stateOf(SavedProfile saved) {
        return ProfileState.of(read(() -> ProfileArchive.state(saved, ProfileState.MAX_BYTES)));
    }

    /** The state that the Chrome is to be given. */
    ProfileState state() {
        return state;
    }

    private interface Reading {
        byte[] read() throws IOException;
    }

    private static byte[] read(Reading reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            log.warn("a profile could not be read: {}", e.toString());
            throw new LaunchException("its profile could not be read; see the server's log", e);
        }
    }
}
