package dev.berth.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What an earlier browser wrote at its end ({@link Contents}), for another one to begin with. */
public interface SavedProfile {
    /** Whether it has folders of Chrome's, and not only cookies: a Chrome that runs already can't begin with those. */
    boolean hasFolders();

    /** What {@link Destination#open} was written. Blocks. */
    InputStream open() throws IOException;

    /** Where a browser writes its profile. */
    interface Destination {
        /** Blocks. The stream fails where more than the limit is written. */
        OutputStream open() throws IOException;
    }

    /**
     * What was written.
     *
     * @param folders see {@link SavedProfile#hasFolders}
     */
    record Contents(boolean folders) {}
}
