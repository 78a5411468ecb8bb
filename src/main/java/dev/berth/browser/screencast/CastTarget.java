package dev.berth.browser.screencast;

/** Chrome's screencast of one page. */
interface CastTarget {
    /** Chrome sends the present picture at once. */
    void start();

    void stop();

    /** @param cast Chrome's number of the screencast. Chrome sends two frames, and then no more before one is acknowledged */
    void acknowledge(int cast);

    /** Ends all. */
    void leave();

    /** Hears of one page. */
    interface Listener {
        void came(FrameEvent frame);

        /** A frame that was too large, or for which there was no memory. */
        void lost();

        /** Chrome's session of the page is over, which the page need not be. No more is heard of it. */
        void detached();
    }
}
