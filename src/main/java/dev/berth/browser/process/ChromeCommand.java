package dev.berth.browser.process;

import dev.berth.pipe.EpollPipe;
import dev.berth.protocol.Viewport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The command line of a Chrome: a lifeline, a user id of its own, and flags with their reasons. */
public final class ChromeCommand {
    /** Where the child can open no other, its ends are the process's stdin and stdout. */
    private static final String STANDARD_PIPE = " 3<&0 4>&1";

    private ChromeCommand() {}

    /**
     * @param pipe closes when the server dies, by {@code kill -9} too, and Chrome exits; CDP clients are connected by it
     * @param blankPage whether it opens a blank page by itself; else it has none until it is asked for one
     */
    public static List<String> of(
            Path executable,
            Path profile,
            Optional<EpollPipe> pipe,
            Viewport viewport,
            OptionalInt uid,
            boolean sandbox,
            boolean blankPage) {
        // setsid: a Ctrl-C in the server's terminal must reach the server alone, which then ends its Chromes in order.
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", exec(pipe), "setsid"));
        uid.ifPresent(id -> command.addAll(
                List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs")));
        command.add(executable.toString());
        command.addAll(List.of(
                // First, so that it is found in a long command line: the reaper tells its Chromes by it.
                "--user-data-dir=" + profile,
                "--headless",
                // Alone: Chrome listens on nothing.
                "--remote-debugging-pipe",
                "--window-size=" + viewport.width() + "," + viewport.height(),
                // No welcome pages.
                "--no-first-run",
                "--no-default-browser-check",
                // Nothing on the network but what pages ask for.
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-domain-reliability",
                "--disable-sync",
                "--no-pings",
                // One process less: first page after 121 instead of 152 ms, 183 instead of 193 MiB (headless shell 156;
                // the
                // spare renderer, extensions and GPU flags made no difference). On Linux it has no sandbox of its own.
                "--enable-features=NetworkServiceInProcess2",
                // Crash reports go nowhere from here.
                "--disable-breakpad",
                "--disable-crash-reporter",
                // A page that is not in front runs on as if it were.
                "--disable-background-timer-throttling",
                "--disable-backgrounding-occluded-windows",
                "--disable-renderer-backgrounding",
                // No keyring daemon to wait for, no sound card.
                "--password-store=basic",
                "--mute-audio"));
        if (!sandbox) {
            command.add("--no-sandbox");
        }
        command.add(blankPage ? "about:blank" : "--no-startup-window");
        return command;
    }

    private static String exec(Optional<EpollPipe> pipe) {
        String ends = pipe.map(ours -> " 3<" + ours.childReadsFrom() + " 4>" + ours.childWritesTo())
                .orElse(STANDARD_PIPE);
        // What Chrome writes is its user's alone.
        return "umask 077; exec \"$0\" \"$@\"" + ends + " </dev/null >/dev/null";
    }
}
