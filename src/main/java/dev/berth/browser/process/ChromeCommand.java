package dev.berth.browser.process;

import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.Device.Viewport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds the command line of a Chrome: its pipe, what confines it, and its flags. */
public final class ChromeCommand {
    /** The proxy's name, which no host has: the resolver's rules say what it stands for, and are for it alone. */
    private static final String PROXY = "proxy.invalid";

    /** Chrome opens at most 128 sockets to one proxy, and a random number more: this takes the limit away (a field trial of 156). */
    private static final String MANY_SOCKETS = "TcpSocketPoolLimitRandomization:TcpSocketPoolLimitRandomizationBase/0.0"
            + "/TcpSocketPoolLimitRandomizationMinimum/0.0/TcpSocketPoolLimitRandomizationNoise/0.0";

    /** One switch has them all: a second of its name would replace the first. */
    private static final String DISABLED = String.join(
            ",",
            "Prerender2",
            "Prerender2FallbackPrefetchSpecRules",
            "PrefetchPrerenderIntegration",
            "WebRtcHideLocalIpsWithMdns",
            // Holds a page's timers back until the next frame after a click, which delays each verb that acts.
            "DeferRendererTasksAfterInput");

    /** Of full Chrome alone: pages of its own frame and a spare process (490 instead of 1,050 ms), and its calls home. */
    private static final String DISABLED_IN_FULL = String.join(
            ",",
            "WebUIOmniboxPopup",
            "WebUIOmniboxAimPopup",
            "OmniboxAimPopup",
            "AimEnabled",
            "SpareRendererForSitePerProcess",
            "NetworkTimeServiceQuerying",
            "AutofillServerCommunication",
            "OptimizationHints");

    private static final List<String> COMMON = List.of(
            // Without a debugging port, so Chrome listens on nothing.
            "--remote-debugging-pipe",
            // Pictures have the width of the viewport, as those of other tools have.
            "--hide-scrollbars",
            // No welcome pages.
            "--no-first-run",
            "--no-default-browser-check",
            // No network traffic except that of pages.
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-domain-reliability",
            "--disable-sync",
            "--no-pings",
            // One process less: first page after 121 instead of 152 ms, 183 instead of 193 MiB (headless shell 156;
            // flags for the spare renderer, extensions and GPU made no difference). On Linux the network service
            // has no sandbox that would be lost.
            // A page that was prefetched is never shown: it would be opened without asking DevTools, wherever it is
            // from.
            "--enable-features=NetworkServiceInProcess2,PrefetchUseContentRefactor:cacheable_duration/0,"
                    + MANY_SOCKETS,
            // No crash reports.
            "--disable-breakpad",
            "--disable-crash-reporter",
            // Background pages run as foreground pages do.
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            // No keyring daemon, no sound card.
            "--password-store=basic",
            "--mute-audio");

    /** A port that the proxy refuses without asking anybody. */
    private static final String NOWHERE = "https://127.0.0.1:1/";

    /** Of full Chrome alone. */
    private static final List<String> FULL = List.of(
            "--disable-crashpad-for-testing",
            // Pages may open others by themselves, as in the shell.
            "--disable-popup-blocking",
            // Calls home that no switch ends go nowhere: for the accounts of its user, and for new versions of its
            // parts.
            "--gaia-url=" + NOWHERE,
            "--component-updater=url-source=" + NOWHERE,
            "--apps-gallery-update-url=" + NOWHERE,
            "--disable-default-apps",
            "--disable-component-extensions-with-background-pages",
            "--extensions-update-frequency=2000000");

    private ChromeCommand() {}

    /**
     * @param before what the shell does first: text of {@link Display#start}, or empty
     * @param confinement the words that Chrome's own follow, of {@link Confinement}
     * @param pipe redirects Chrome's ends of the pipe, its only connection. The pipe closes when the server dies, by {@code kill -9}
     *     too, and then Chrome exits
     * @param proxyPort of 127.0.0.1, where its own proxy listens
     * @param blankPage whether Chrome opens a blank page by itself; otherwise it starts without a page
     */
    public static List<String> of(
            BrowserKind kind,
            Path executable,
            Path profile,
            String before,
            String pipe,
            Viewport viewport,
            List<String> confinement,
            boolean sandbox,
            int proxyPort,
            boolean blankPage) {
        // setsid: a Ctrl-C in the server's terminal must reach only the server, which then ends its Chromes in order.
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", before + exec(pipe), "setsid"));
        command.addAll(confinement);
        command.add(executable.toString());
        // First, so that a cut command line has it: the reaper identifies its Chromes by this flag.
        command.add("--user-data-dir=" + profile);
        command.addAll(
                kind == BrowserKind.HEADFUL
                        ? List.of("--ozone-platform=x11", "--window-position=0,0")
                        : List.of("--headless"));
        command.addAll(COMMON);
        command.add("--window-size=" + viewport.width() + "," + viewport.height());
        boolean full = kind != BrowserKind.SHELL;
        command.add("--disable-features=" + DISABLED + (full ? "," + DISABLED_IN_FULL : ""));
        if (full) {
            command.addAll(FULL);
        }
        command.addAll(network(proxyPort));
        if (!sandbox) {
            command.add("--no-sandbox");
        }
        command.add(blankPage ? "about:blank" : "--no-startup-window");
        return command;
    }

    /** All that Chrome sends goes through its proxy, which decides. Traffic that can't go through it, such as UDP, is not sent. */
    private static List<String> network(int proxyPort) {
        String proxy = PROXY + ":" + proxyPort;
        return List.of(
                "--proxy-server=socks5://" + proxy,
                // Else Chrome reaches loopback and link-local addresses, such as a cloud's metadata, directly.
                "--proxy-bypass-list=<-loopback>",
                // Nothing but the proxy can be resolved, IP addresses neither: it holds also for a browser context
                // without a proxy.
                "--host-resolver-rules=MAP " + proxy + " 127.0.0.1:" + proxyPort + ", MAP * ~NOTFOUND",
                "--disable-quic",
                // The headless shell knows the first of these alone, full Chrome the second.
                "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
                "--webrtc-ip-handling-policy=disable_non_proxied_udp");
    }

    private static String exec(String pipe) {
        // umask: files that Chrome writes are accessible to its user only.
        return "umask 077; exec \"$0\" \"$@\"" + pipe + " </dev/null >/dev/null";
    }
}
