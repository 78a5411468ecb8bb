package dev.berth.browser.screen;

import io.vertx.core.Future;

/** Chrome's screencast of one page. */
interface CastTarget {
    /** Chrome sends the present picture at once. */
    void start();

    void stop();

    /** @param cast Chrome's number of the screencast. Chrome sends two frames, and then no more before one is acknowledged */
    void acknowledge(int cast);

    /** The page as it is to be seen now, as a JPEG; without a screencast. Fails where the page gives none within seconds. */
    Future<byte[]> picture();

    void leave();

    interface Listener {
        void came(FrameEvent frame);

        /** A frame that was too large, or for which there was no memory. */
        void lost();

        /** Chrome's session of the page is over, which the page need not be. No more is heard of it. */
        void detached();
    }
}
