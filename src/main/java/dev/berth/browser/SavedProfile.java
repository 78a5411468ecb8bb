package dev.berth.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The profile that an earlier browser wrote at its end ({@link Contents}), for another one to begin with. */
public interface SavedProfile {
    /** Whether it has folders of Chrome's, and not only cookies: a Chrome that runs already can't begin with those. */
    boolean hasFolders();

    /** The bytes that were written to {@link Destination#open}. Blocks. */
    InputStream open() throws IOException;

    /** The destination of a browser's profile. */
    interface Destination {
        /** Blocks. The stream fails where more than the limit is written. */
        OutputStream open() throws IOException;
    }

    /**
     * The contents of a written profile.
     *
     * @param folders see {@link SavedProfile#hasFolders}
     */
    record Contents(boolean folders) {}
}
