package dev.berth.agent;

import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskSpec;
import dev.berth.verbs.Tool;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * The pages that a task's model may open, and those into which it may enter variables. A model could write a whole page into a
 * {@code data:} URL, with a script that shows a variable in another form, or sends it anywhere; or have a server of its own choice
 * do so with the URL that it is asked for.
 */
final class AllowedPages {
    private static final Set<String> OPENING = Set.of("navigate", "open_page");

    private final SessionClient client;
    private final SessionId session;
    private final AllowedDomains domains;
    private final boolean sitesOnly;

    AllowedPages(SessionClient client, SessionId session, TaskSpec task) {
        this.client = client;
        this.session = session;
        this.domains = new AllowedDomains(task.allowedDomains());
        this.sitesOnly = !task.variables().isEmpty() || !domains.hosts().isEmpty();
    }

    AllowedDomains domains() {
        return domains;
    }

    /** The absolute URL; throws {@link BerthException} where the task may not open it. */
    String open(String url) {
        String whole = PageUrl.resolve(url);
        if (!domains.allow(whole)) {
            throw refused("the task may not open " + AllowedDomains.hostOf(whole) + " (allowedDomains)");
        }
        return whole;
    }

    /**
     * Fails, or throws {@link BerthException}, where a call is invalid or not allowed.
     *
     * @param given the arguments of the model
     * @param arguments the same with the values of variables
     */
    Future<?> require(Tool tool, JsonObject given, JsonObject arguments) {
        tool.verb().read(arguments);
        if (OPENING.contains(tool.name())) {
            if (domains.hosts().isEmpty() && !arguments.equals(given)) {
                throw refused("variables can be used in URLs only if the task sets allowedDomains");
            }
            Optional.ofNullable(arguments.getString("url")).map(this::open).ifPresent(this::requireSite);
            return Future.succeededFuture();
        }
        return arguments.equals(given)
                ? Future.succeededFuture()
                : requireSiteOf(Optional.ofNullable(arguments.getString("page")));
    }

    private void requireSite(String url) {
        if (sitesOnly && !PageUrl.isOfSite(url) && !url.equalsIgnoreCase("about:blank")) {
            throw refused("a task with variables or allowedDomains can open only http and https pages and about:blank");
        }
    }

    /** @param page empty for the active one */
    private Future<?> requireSiteOf(Optional<String> page) {
        return client.ask(session, new ReadPages())
                .compose(open -> open.pages().stream()
                                .filter(each -> page.map(each.pageId()::equals).orElse(each.active()))
                                .anyMatch(each -> PageUrl.isOfSite(each.url()))
                        ? Future.succeededFuture()
                        : Future.failedFuture(refused("variables can be entered only into http and https pages")));
    }

    private static BerthException refused(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }
}
