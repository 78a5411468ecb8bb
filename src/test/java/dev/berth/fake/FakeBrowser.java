package dev.berth.fake;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserClients;
import dev.berth.browser.BrowserDriver;
import dev.berth.browser.BrowserPages;
import dev.berth.browser.BrowserRoutes;
import dev.berth.browser.BrowserStorage;
import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.InputSources;
import dev.berth.browser.Pointer;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.Screen;
import dev.berth.browser.Screencast;
import dev.berth.browser.UploadFolder;
import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ActionReply.StorageStateSet;
import dev.berth.protocol.AddRoute;
import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.SetStorageState;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.PageOutcome.PageEntry;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.RouteEntry;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A browser that does what a test says, and remembers what it was told. */
public final class FakeBrowser implements Browser {
    /** Its only page, which is active. */
    public static final PageEntry PAGE = new PageEntry("page", "https://a.b/", "A", true, Optional.empty());

    public final FakeDriver hands = new FakeDriver();
    public final FakeScreencast picture = new FakeScreencast();
    public final FakeScreen screen = new FakeScreen();
    public final FakeUploads files = new FakeUploads();
    private final Pointer pointer = new Pointer(Vertx.currentContext());
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Promise<Void> closed = Promise.promise();
    public volatile Traffic traffic = Traffic.NONE;
    private volatile boolean failing;
    private volatile Supplier<Future<SavedProfile.Contents>> saving =
            () -> Future.succeededFuture(new SavedProfile.Contents(false));
    private volatile Supplier<Future<Void>> closing = Future::succeededFuture;
    private volatile Supplier<Future<Void>> presence = Future::succeededFuture;
    private volatile Supplier<Future<Probe>> probe = () -> Future.succeededFuture(new Probe(true, true, false));

    /** What it was told, in order, such as {@code "clients 1"}. */
    public List<String> told() {
        return told;
    }

    /** From now on it throws whatever it is told. */
    public void failOnTold() {
        failing = true;
    }

    private void hear(String what) {
        if (failing) {
            throw new IllegalStateException("on purpose");
        }
        told.add(what);
    }

    /** Completes when it was told to end. */
    public Future<Void> closed() {
        return closed.future();
    }

    public void onClose(Supplier<Future<Void>> answer) {
        closing = answer;
    }

    public void onSave(Supplier<Future<SavedProfile.Contents>> answer) {
        saving = answer;
    }

    @Override
    public ConnectionOutcomes outcomes() {
        return url -> Optional.empty();
    }

    @Override
    public Future<SavedProfile.Contents> saveProfile(SavedProfile.Destination destination) {
        hear("save");
        return saving.get();
    }

    public void onPresence(Supplier<Future<Void>> answer) {
        presence = answer;
    }

    public void onProbe(Supplier<Future<Probe>> answer) {
        probe = answer;
    }

    @Override
    public String version() {
        return "Fake/1.0";
    }

    @Override
    public long pid() {
        return 1;
    }

    @Override
    public BrowserPages pages() {
        return new BrowserPages() {
            @Override
            public Optional<String> active() {
                return Optional.of(PAGE.pageId());
            }

            @Override
            public List<PageEntry> list() {
                return List.of(PAGE);
            }

            @Override
            public Future<PageEntry> open(long timeoutMillis) {
                hear("open");
                return Future.succeededFuture(PAGE);
            }

            @Override
            public Future<PageEntry> activate(String pageId, long timeoutMillis) {
                hear("activate " + pageId);
                return Future.succeededFuture(PAGE);
            }

            @Override
            public Future<PageEntry> close(String pageId, long timeoutMillis) {
                hear("close " + pageId);
                return Future.succeededFuture(PAGE);
            }

            @Override
            public void refresh() {
                hear("refresh");
            }
        };
    }

    @Override
    public BrowserDriver driver(String pageId) {
        return hands.port(pageId);
    }

    @Override
    public InputSources inputSources() {
        return (page, source) -> Future.succeededFuture();
    }

    @Override
    public Pointer pointer() {
        return pointer;
    }

    @Override
    public Screencast screencast() {
        return picture;
    }

    @Override
    public Screen screen() {
        return screen;
    }

    @Override
    public Future<Void> restrict(AllowedDomains domains) {
        hear("restrict " + domains.hosts());
        return Future.succeededFuture();
    }

    @Override
    public Future<Emulation> emulate(Emulate change) {
        hear("emulate " + change.viewport());
        return Future.succeededFuture(ProtocolSamples.EMULATION);
    }

    @Override
    public BrowserRoutes routes() {
        return new BrowserRoutes() {
            @Override
            public Future<RouteEntry> add(AddRoute rule) {
                hear("route " + rule.url());
                return Future.succeededFuture(RouteEntry.of("route-1", rule, 0));
            }

            @Override
            public Future<Void> remove(String routeId) {
                hear("remove " + routeId);
                return Future.succeededFuture();
            }

            @Override
            public List<RouteEntry> list() {
                return List.of();
            }
        };
    }

    @Override
    public void answerDialogs(boolean accept, Optional<String> promptText) {
        hear("dialogs " + accept);
    }

    @Override
    public BrowserClients clients() {
        return new BrowserClients() {
            @Override
            public void changed(int connected) {
                hear("clients " + connected);
            }

            @Override
            public void left(String clientId) {
                hear("left " + clientId);
            }

            @Override
            public void leaveDialogs(Set<String> pageIds) {
                hear("leave dialogs " + pageIds);
            }

            @Override
            public void holdTargets(String clientId, Set<String> targetTypes) {
                hear("hold " + clientId);
            }

            @Override
            public void releaseTarget(String clientId, String targetId, boolean started) {
                hear("release " + targetId);
            }

            @Override
            public Future<Void> watchTargets() {
                hear("watch");
                return Future.succeededFuture();
            }
        };
    }

    @Override
    public BrowserStorage storage() {
        return new BrowserStorage() {
            @Override
            public Future<StorageStateRead> read(ReadStorageState command) {
                return Future.succeededFuture(new StorageStateRead(List.of(), "[]", 0, 0));
            }

            @Override
            public Future<StorageStateSet> set(SetStorageState command) {
                return Future.succeededFuture(new StorageStateSet(
                        command.cookies().size(), command.origins().size()));
            }
        };
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public void limitTraffic(long bytes, String reason) {
        hear("limit " + bytes + ": " + reason);
    }

    @Override
    public UploadFolder uploads() {
        return files;
    }

    @Override
    public CdpEndpoint endpoint() {
        return new CdpEndpoint("c-fake", Optional.empty(), Optional.empty());
    }

    @Override
    public Future<Void> presence() {
        return presence.get();
    }

    @Override
    public Future<Probe> probe() {
        return probe.get();
    }

    @Override
    public Future<Void> close() {
        closed.tryComplete();
        return closing.get();
    }
}
