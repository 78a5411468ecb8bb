package dev.berth.browser.process;

import dev.berth.protocol.Viewport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds the command line of a Chrome: its pipe, what confines it, and its flags. */
public final class ChromeCommand {
    private ChromeCommand() {}

    /**
     * @param confinement the words that Chrome's own follow, of {@link Confinement}
     * @param pipe redirects Chrome's ends of the pipe, its only connection. The pipe closes when the server dies, by {@code kill -9}
     *     too, and then Chrome exits
     * @param blankPage whether Chrome opens a blank page by itself; otherwise it starts without a page
     */
    public static List<String> of(
            Path executable,
            Path profile,
            String pipe,
            Viewport viewport,
            List<String> confinement,
            boolean sandbox,
            boolean blankPage) {
        // setsid: a Ctrl-C in the server's terminal must reach only the server, which then ends its Chromes in order.
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", exec(pipe), "setsid"));
        command.addAll(confinement);
        command.add(executable.toString());
        command.addAll(List.of(
                // First, so that a cut command line has it: the reaper identifies its Chromes by this flag.
                "--user-data-dir=" + profile,
                "--headless",
                // Without a debugging port, so Chrome listens on nothing.
                "--remote-debugging-pipe",
                // Pictures have the width of the viewport, as those of other tools have.
                "--hide-scrollbars",
                "--window-size=" + viewport.width() + "," + viewport.height(),
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
                // What a page had fetched ahead is never shown: it would be opened without asking DevTools, wherever it
                // is from.
                "--enable-features=NetworkServiceInProcess2,PrefetchUseContentRefactor:cacheable_duration/0",
                "--disable-features=Prerender2,Prerender2FallbackPrefetchSpecRules,PrefetchPrerenderIntegration",
                // No crash reports.
                "--disable-breakpad",
                "--disable-crash-reporter",
                // Background pages run as foreground pages do.
                "--disable-background-timer-throttling",
                "--disable-backgrounding-occluded-windows",
                "--disable-renderer-backgrounding",
                // No keyring daemon, no sound card.
                "--password-store=basic",
                "--mute-audio"));
        if (!sandbox) {
            command.add("--no-sandbox");
        }
        command.add(blankPage ? "about:blank" : "--no-startup-window");
        return command;
    }

    private static String exec(String pipe) {
        // umask: files that Chrome writes are accessible to its user only.
        return "umask 077; exec \"$0\" \"$@\"" + pipe + " </dev/null >/dev/null";
    }
}
