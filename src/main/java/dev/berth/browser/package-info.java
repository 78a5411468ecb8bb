/**
 * Chrome: launching it, watching it over a raw CDP connection (the eyes), driving it through cdp4j (the hands). The only
 * place that knows cdp4j or CDP. Sessions see the ports {@link dev.berth.browser.BrowserLauncher},
 * {@link dev.berth.browser.Browser}, {@link dev.berth.browser.BrowserDriver} and
 * {@link dev.berth.browser.BrowserListener}.
 */
package dev.berth.browser;
