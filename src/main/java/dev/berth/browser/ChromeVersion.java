package dev.berth.browser;

import io.vertx.core.json.JsonObject;

/**
 * A Chrome's account of itself (Browser.getVersion of CDP).
 *
 * @param product and version, such as {@code Chrome/156.0.8078.114}
 * @param protocol such as {@code 1.3}
 * @param userAgent of pages whose session has no other
 * @param javaScript the version of V8
 * @param revision of Chromium's source
 */
public record ChromeVersion(String product, String protocol, String userAgent, String javaScript, String revision) {
    public static ChromeVersion of(JsonObject answer) {
        return new ChromeVersion(
                answer.getString("product", ""),
                answer.getString("protocolVersion", ""),
                answer.getString("userAgent", ""),
                answer.getString("jsVersion", ""),
                answer.getString("revision", ""));
    }
}
