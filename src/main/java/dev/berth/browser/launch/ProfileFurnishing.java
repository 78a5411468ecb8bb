package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.process.ProfileArchive;
import dev.berth.browser.state.ProfileState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a saved profile into the folder of a Chrome that is not started yet, and remembers what that Chrome is to be given afterwards. */
final class ProfileFurnishing implements ChromeStarter.Furnishing {
    private static final Logger log = LoggerFactory.getLogger(ProfileFurnishing.class);
    static final ProfileFurnishing NONE = new ProfileFurnishing(Optional.empty(), 0);

    private final Optional<SavedProfile> profile;
    private final long maxDiskBytes;
    private volatile ProfileState state = ProfileState.NONE;

    /** @param maxDiskBytes how much its session may take of the disk */
    ProfileFurnishing(Optional<SavedProfile> profile, long maxDiskBytes) {
        this.profile = profile;
        this.maxDiskBytes = maxDiskBytes;
    }

    @Override
    public void furnish(Path home, OptionalInt owner) {
        profile.ifPresent(saved -> state = ProfileState.of(
                read(() -> ProfileArchive.unpack(saved, home, owner, ProfileState.MAX_BYTES, maxDiskBytes))));
    }

    /** For a Chrome that is up already. Blocks. */
    static ProfileState stateOf(SavedProfile saved) {
        return ProfileState.of(read(() -> ProfileArchive.state(saved, ProfileState.MAX_BYTES)));
    }

    /** What the Chrome is to be given. */
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
            throw new LaunchException("its profile could not be read; the server's log tells why", e);
        }
    }
}
