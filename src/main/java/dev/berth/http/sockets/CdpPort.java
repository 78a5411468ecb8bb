package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.access.KeyRepository;
import dev.berth.config.CdpConfig;
import dev.berth.http.request.CdpAddress;
import dev.berth.http.request.Problem;
import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * The door at a port of its own, which behaves as the DevTools port of one Chrome: whoever reaches the port drives the browser of the
 * configured user. Any page in a browser on a client's machine reaches the port, too; so a request that may be a page's is refused, as
 * Chrome does: one with an Origin, or one for a host that a page's site may have made lead here (DNS rebinding).
 *
 * @param keys among which the user's is found, whose limits hold
 */
public record CdpPort(CdpConfig config, KeyRepository keys) implements CdpDoor {
    /** The reason to refuse a request before its path is looked at. */
    public Optional<BerthException> refusal(HttpServerRequest request) {
        if (!allows(request.remoteAddress().hostAddress())) {
            return refuse("this address is not one of cdp.allow (BERTH_CDP_ALLOW)");
        } else if (!isNamed(request.authority())) {
            return refuse("call this port by an address, by localhost, or by a name of cdp.allow (BERTH_CDP_ALLOW)");
        } else if (request.headers().contains("Origin") || OriginRule.isOfOtherSite(request)) {
            return refuse("a page can't use this port");
        }
        return Optional.empty();
    }

    private static Optional<BerthException> refuse(String why) {
        return Optional.of(new BerthException(ErrorCode.FORBIDDEN, why));
    }

    private boolean allows(String address) {
        InetAddress client = NetUtil.createInetAddressFromIpAddressString(address);
        return client != null
                && (client.isLoopbackAddress()
                        || config.ranges().stream().anyMatch(range -> range.contains(client.getAddress())));
    }

    private boolean isNamed(HostAndPort called) {
        if (called == null) {
            return false;
        }
        String host = called.host().toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || NetUtil.createByteArrayFromIpAddressString(host) != null
                || config.names().contains(host);
    }

    @Override
    public Future<ApiKey> key(HttpServerRequest request) {
        return keys.ofUser(config.user())
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(new BerthException(
                                ErrorCode.FORBIDDEN,
                                "the user '" + config.user()
                                        + "' of cdp.user (BERTH_CDP_USER) has no API key that may act:"
                                        + " create one, whose limits hold for this port"))));
    }

    @Override
    public String browserUrl(HttpServerRequest request, CdpAddress address, ApiKey key) {
        return "ws://" + request.authority() + "/devtools/browser";
    }

    @Override
    public String pageUrl(HttpServerRequest request, Entrance entrance, SessionDescription session, String pageId) {
        return "ws://" + request.authority() + CdpAddress.PAGE + pageId;
    }

    @Override
    public Optional<String> devToolsUrl(HttpServerRequest request, String pageUrl) {
        return Optional.empty();
    }

    /** Refuses the request, or gives its address. */
    Optional<CdpAddress> address(HttpServerRequest request) {
        Optional<BerthException> refusal = refusal(request);
        Optional<CdpAddress> address =
                CdpAddress.of(request).filter(found -> found.place() instanceof CdpAddress.Place.Root);
        if (refusal.isPresent() || address.isEmpty()) {
            request.resume();
            Problem.refuseAndClose(
                    request,
                    refusal.orElseGet(() -> new BerthException(
                            ErrorCode.NOT_FOUND,
                            "this port has the paths of a Chrome's DevTools alone, such as /json/version")));
            return Optional.empty();
        }
        return address;
    }
}
