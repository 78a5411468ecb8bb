package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.protocol.ActionReply.CookieList;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Reads and sets the browser's cookies. Sends raw commands, as cdp4j 3.0.15 does not know {@code SameSite=None}. */
final class Cookies {
    private final CdpConnection connection;

    Cookies(CdpConnection connection) {
        this.connection = connection;
    }

    Future<CookieList> read(ReadCookies command) {
        return read(new Deadline(command.timeout()));
    }

    private Future<CookieList> read(Deadline deadline) {
        return send("Storage.getCookies", new JsonObject(), deadline)
                .map(answer -> new CookieList(answer.getJsonArray("cookies").stream()
                        .map(each -> cookie((JsonObject) each))
                        .toList()));
    }

    /** Cookies that have neither a domain nor a URL are set for the page's URL. */
    Future<CookieList> set(PageHands hands, SetCookies command) {
        return hands.onPage(page -> set(page.url(), command.cookies(), new Deadline(command.timeout())));
    }

    private Future<CookieList> set(String pageUrl, List<Cookie> cookies, Deadline deadline) {
        JsonArray list = new JsonArray();
        cookies.forEach(cookie -> list.add(json(cookie, pageUrl)));
        return send("Storage.setCookies", new JsonObject().put("cookies", list), deadline)
                .compose(done -> read(deadline));
    }

    private Future<JsonObject> send(String method, JsonObject params, Deadline deadline) {
        return WholeAnswer.MEMORY
                .lend(share -> connection.sendForAll(
                        CdpConnection.BROWSER,
                        method,
                        params,
                        deadline.left(),
                        new WholeAnswer(Failures.MAX_RESULT_BYTES, WholeAnswer.TREE, share)))
                .recover(Failures::told);
    }

    private static JsonObject json(Cookie cookie, String pageUrl) {
        JsonObject json = new JsonObject()
                .put("name", cookie.name())
                .put("value", cookie.value())
                .put("httpOnly", cookie.httpOnly())
                .put("secure", cookie.secure());
        cookie.domain().ifPresent(domain -> json.put("domain", domain));
        cookie.url().ifPresent(url -> json.put("url", url));
        cookie.path().ifPresent(path -> json.put("path", path));
        cookie.expires().ifPresent(expires -> json.put("expires", expires));
        cookie.sameSite().ifPresent(sameSite -> json.put("sameSite", sameSite));
        if (!json.containsKey("domain") && !json.containsKey("url")) {
            json.put("url", requireHttp(pageUrl, cookie.name()));
        }
        return json;
    }

    private static String requireHttp(String pageUrl, String name) {
        if (!pageUrl.startsWith("http")) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT, "cookies: '" + name + "' needs a domain or a url: no page is open yet");
        }
        return pageUrl;
    }

    private static Cookie cookie(JsonObject json) {
        boolean lasting = !json.getBoolean("session", false);
        return new Cookie(
                json.getString("name"),
                json.getString("value"),
                Optional.of(json.getString("domain")),
                Optional.empty(),
                Optional.of(json.getString("path")),
                lasting ? Optional.of(json.getDouble("expires")) : Optional.empty(),
                json.getBoolean("httpOnly", false),
                json.getBoolean("secure", false),
                Optional.ofNullable(json.getString("sameSite")));
    }
}
