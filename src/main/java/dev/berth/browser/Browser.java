package dev.berth.browser;

import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/** One running browser. Lives on the context that launched it. */
public interface Browser {
    /** Product and version, such as {@code HeadlessChrome/156.0.8078.108}. */
    String version();

    /** Its main process, on this node. */
    long pid();

    /** The id of the page that commands act on. */
    Optional<String> activePage();

    /** Its hands. */
    BrowserDriver driver();

    /** How JavaScript dialogs are answered from now on. */
    void answerDialogs(boolean accept, Optional<String> promptText);

    /**
     * A CDP client has come or left. While there are some, they may answer dialogs themselves; what they leave is answered
     * after a while.
     */
    void clientsChanged(int connected);

    /** JavaScript dialogs of these pages are CDP clients' to answer for a while; all others are answered at once. */
    void leaveDialogs(Set<String> pageIds);

    /**
     * New targets that Chrome attaches to a CDP client, and that are of these types, wait until the client lets them run; not for
     * ever.
     *
     * @param targetTypes Chrome's names, such as {@code page}
     */
    void holdTargets(String clientId, Set<String> targetTypes);

    /** Completes when every target that there is now is watched. */
    Future<Void> watchTargets();

    /**
     * A target waits no longer for a CDP client.
     *
     * @param started whether the client has let it run; else it has detached from it
     */
    void releaseTarget(String clientId, String targetId, boolean started);

    /** Nothing waits for this CDP client any more. */
    void clientLeft(String clientId);

    /** Looks again at what it tells nobody, such as a title that a script changed; the listener hears what is new. */
    void refresh();

    /** Where other CDP clients connect. */
    CdpEndpoint endpoint();

    /** Completes when it is known, by a round trip, whether the browser is there: if it is gone, the listener was told. Never fails. */
    Future<Void> presence();

    /** A round trip to the browser and to its active page. */
    Future<Probe> probe();

    /**
     * Ends it: the whole process tree, then its profile. Requests still in flight are reported first. Memoised. Its
     * end is not told to the listener.
     */
    Future<Void> close();

    /**
     * What a round trip showed.
     *
     * @param browserResponsive the browser answered
     * @param pageResponsive its active page answered
     * @param pageCrashed its active page can't answer
     */
    record Probe(boolean browserResponsive, boolean pageResponsive, boolean pageCrashed) {}
}
