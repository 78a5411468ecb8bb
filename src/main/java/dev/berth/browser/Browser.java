package dev.berth.browser;

import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import java.util.Optional;

/** One running browser. Lives on the context that launched it; all its methods are called there. */
public interface Browser {
    /** Product and version, such as {@code HeadlessChrome/156.0.8078.108}. */
    String version();

    /** The pid of its main process, on this node. */
    long pid();

    /** The browser's open pages. */
    BrowserPages pages();

    /** Carries out one command on a page. Throws {@code not_found} if there is no such page. */
    BrowserDriver driver(String pageId);

    /** The browser's mouse. Any thread may ask for it. */
    Pointer pointer();

    /** The users of the browser's mouse and keys. Any thread may ask for it. */
    InputSources inputSources();

    /** The picture of its pages. */
    Screencast screencast();

    /** The browser's screen besides its pictures, and the input of people. */
    Screen screen();

    /**
     * Sets how JavaScript dialogs are answered from now on.
     *
     * @param promptText the answer to a {@code prompt}; empty for the page's default
     */
    void answerDialogs(boolean accept, Optional<String> promptText);

    /**
     * Changes what pages find the browser to be, and tells what that is now. Fails with {@code action_failed} where Chrome refuses a part of
     * it; the rest holds.
     */
    Future<Emulation> emulate(Emulate change);

    /** The rules for its requests. */
    BrowserRoutes routes();

    /**
     * Limits the hosts that the browser may reach from now on. Completes when the limit holds everywhere; of several calls, navigations are
     * held to all calls, and other requests to the last one.
     */
    Future<Void> restrict(AllowedDomains domains);

    /** The browser's storage for its sites. */
    BrowserStorage storage();

    /** The browser's services for CDP clients. */
    BrowserClients clients();

    /** The results of the browser's connections. Any thread may ask for it. */
    ConnectionOutcomes outcomes();

    /** The bytes that the browser has sent and received. Any thread may call. */
    Traffic traffic();

    /**
     * Limits the browser's traffic, sent and received together: beyond it, the browser reaches nothing any more.
     *
     * @param reason is told then for each request, a sentence without a full stop
     */
    void limitTraffic(long bytes, String reason);

    /** The files that pages may be given. Any thread may call. */
    UploadFolder uploads();

    /** The endpoint that CDP clients connect to. */
    CdpEndpoint endpoint();

    /**
     * Checks by a round trip whether the browser is alive. If it is gone, the listener is told before this completes. Never
     * fails.
     */
    Future<Void> presence();

    /** Makes a round trip to the browser and one to its active page. */
    Future<Probe> probe();

    /**
     * Reads what it keeps between sessions, ends Chrome in order, and writes all of it. Nothing else may be asked afterwards but {@link
     * #close}; the listener is not told of the end. Once. Fails where Chrome dies of it, or is not gone in time.
     */
    Future<SavedProfile.Contents> saveProfile(SavedProfile.Destination destination);

    /**
     * Kills the process tree, then deletes the browser's folder. Reports requests in flight first. Memoised. The listener is
     * not told of the end.
     */
    Future<Void> close();

    /**
     * The result of a health check.
     *
     * @param browserResponsive whether the browser answered
     * @param pageResponsive whether its active page answered
     * @param pageCrashed whether its active page has crashed, and so can't answer
     */
    record Probe(boolean browserResponsive, boolean pageResponsive, boolean pageCrashed) {}
}
