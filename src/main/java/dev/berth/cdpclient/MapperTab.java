package dev.berth.cdpclient;

import dev.berth.browser.cdp.Party;
import dev.berth.cdpclient.CdpRelays.RelayedClient;
import dev.berth.cdpclient.command.CdpCommand;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;

/**
 * The tab in which a chromedriver runs its mapper of WebDriver BiDi. Does for one driver what Chrome does for {@code
 * Target.exposeDevToolsProtocol}, which would let the tab reach everything: the mapper gets a CDP client of the session, the commands of which
 * are judged as those of any other. Other clients never hear of the tab. On the event loop of the driver's client.
 */
final class MapperTab {
    private final Vertx vertx;
    private final Context context;
    private final Party driver;
    private final Function<String, Future<Party>> pages;
    private final RelayedClient mapper;
    private final Promise<String> over;
    private boolean asked;
    private boolean exposed;
    private String targetId = "";
    private Optional<MapperSocket> socket = Optional.empty();
    private boolean ended;

    /**
     * @param driver of the chromedriver's client
     * @param pages opens a party on a page, by target id
     * @param mapper the mapper's client, which is not open yet
     */
    MapperTab(Vertx vertx, Party driver, Function<String, Future<Party>> pages, RelayedClient mapper) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.driver = driver;
        this.pages = pages;
        this.mapper = mapper;
        this.over = LoopPromise.on(context);
    }

    /** Completes with the reason where the mapper can't be used any more. */
    Future<String> over() {
        return over.future();
    }

    /**
     * The result of a command of the driver that Chrome does not get: the first one for a hidden page, and the one that exposes Chrome to this
     * page. Each is done once: the driver sends both before its users can send anything.
     */
    Optional<Future<JsonObject>> takes(CdpCommand command) {
        if (command.sessionId().isPresent()) {
            return Optional.empty();
        }
        if (!asked
                && command.method().equals("Target.createTarget")
                && Boolean.TRUE.equals(command.params().get("hidden"))) {
            asked = true;
            return Optional.of(open());
        }
        if (!exposed
                && command.method().equals("Target.exposeDevToolsProtocol")
                && command.text("targetId").filter(targetId::equals).isPresent()) {
            exposed = true;
            return Optional.of(connect(command.text("bindingName").orElse("cdp")));
        }
        return Optional.empty();
    }

    private Future<JsonObject> open() {
        return driver.openHiddenPage(context).map(id -> {
            targetId = id;
            return new JsonObject().put("targetId", id);
        });
    }

    private Future<JsonObject> connect(String binding) {
        return pages.apply(targetId)
                .compose(page -> {
                    if (ended) {
                        page.close();
                        return Future.failedFuture("the driver has left");
                    }
                    MapperSocket made = new MapperSocket(vertx, page, binding);
                    socket = Optional.of(made);
                    made.closed().onSuccess(this::end);
                    return made.connect();
                })
                .compose(connected -> mapper.open())
                .map(open -> {
                    mapper.start(socket.orElseThrow()).onComplete(done -> end("the mapper's client has left"));
                    return new JsonObject();
                })
                .onFailure(e -> {
                    mapper.abandon();
                    end("the mapper has no connection to Chrome: " + e.getMessage());
                });
    }

    /** Ends the mapper's client; Chrome closes the tab with the driver's client. */
    void end(String why) {
        if (!ended) {
            ended = true;
            socket.ifPresent(made -> made.end(why));
            over.complete(why);
        }
    }
}
