package dev.berth.it;

import dev.berth.protocol.BrowserKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The Chrome of the tests, to which the site's certificate is a valid one: else it has no QUIC and no reports. And Chromes that nobody
 * contains: they show which ways are ways at all.
 */
final class ContainmentChrome {
    /** The first port to which they go. */
    private static final int FIRST_PORT = DecoyInternet.FIRST_PORT + 900;

    private static final int MAX_TRIES = 3;
    /** The first way of pages by https. */
    private static final String SECURE = "service-worker";

    static final String TARGET = "uncontained.test";
    /** The hash of the public key of {@code site.pem}: Chrome then takes the certificate. */
    private static final String SITE_KEY = "idR7RsKMi5+xN801C+NgdwN8d9BE755jHls39/22BFQ=";

    /** Ways on which Chrome's flags let nothing out at all: nothing arrives at a control either, only from a Chrome that nobody contains. */
    static final Set<String> CUT = Set.of(
            "speculation-prefetch",
            "speculation-prefetch-tls",
            "webrtc-stun",
            "webrtc-turn-udp",
            "webrtc-turn-name",
            "webrtc-peer-udp",
            "webrtc-peer-tcp",
            "webrtc-peer-name",
            "webtransport",
            "alt-svc-quic");

    private static final String NOT_SENT = "nothing is sent within a minute, contained or not";
    private static final String NO_WAY = "not a way of this Chrome, contained or not";

    /** Ways on which nothing arrives from a Chrome that nobody contains either, and why. */
    private static final Map<String, String> SILENT = Map.ofEntries(
            Map.entry("favicon", NO_WAY),
            Map.entry("prerender", NO_WAY),
            Map.entry("preconnect", NO_WAY),
            Map.entry("preconnect-cors", NO_WAY),
            Map.entry("dns-prefetch", NO_WAY),
            Map.entry("link-header-preconnect", NO_WAY),
            Map.entry("speculation-prerender", NO_WAY),
            Map.entry("xslt", NO_WAY),
            Map.entry("manifest", "fetched only when a driver asks"),
            Map.entry("webrtc-peer-mdns", "by multicast, which the last row would have"),
            Map.entry("alt-svc-h2", NO_WAY),
            Map.entry("report-to", NOT_SENT),
            Map.entry("network-error-logging", NOT_SENT),
            Map.entry("attribution", NO_WAY),
            Map.entry("interest-group", NO_WAY));

    /** Likewise of full Chrome alone. */
    private static final Map<String, String> SILENT_IN_FULL = Map.of(
            "video", "loaded by visible pages only, and the other ways hide the page",
            "audio", "loaded by visible pages only, and the other ways hide the page",
            "link-ping", "Chrome's flags");

    private final Path folder;
    private final Map<String, String> silent;
    private final List<Process> uncontained = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private boolean compared;
    /** The names of all ways, in the order of their ports: those of pages by http, then those by https. */
    private final List<String> names;

    /** @param kind of Berth's sessions; full Chrome, with a screen or without, has one program */
    ContainmentChrome(Path folder, BrowserKind kind) throws IOException {
        this.folder = folder;
        silent = new HashMap<>(SILENT);
        if (kind != BrowserKind.SHELL) {
            silent.putAll(SILENT_IN_FULL);
        }
        names = Pattern.compile("^  '([a-z0-9-]+)':", Pattern.MULTILINE)
                .matcher(Files.readString(DecoyInternet.FILES.resolve("ways.js")))
                .results()
                .map(way -> way.group(1))
                .toList();
        String found = kind == BrowserKind.SHELL
                ? "$(command -v chromium-headless-shell chrome-headless-shell chromium google-chrome | head -1)"
                : "$(command -v /usr/lib/chromium/chromium google-chrome | head -1)";
        Files.writeString(
                program(),
                "#!/bin/sh\nexec " + found + " \"$@\" --ignore-certificate-errors-spki-list=" + SITE_KEY + "\n");
        Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path program() {
        return folder.resolve("chrome");
    }

    /** Has Chromes that nobody contains take the ways of {@link #CUT}, which some of them do not take each time. */
    void compare(ContainmentWatch watch) throws IOException {
        compared = true;
        Runtime.getRuntime().addShutdownHook(new Thread(this::endUncontained));
        for (int i = 0; i < MAX_TRIES && !went(CUT, watch); i++) {
            startUncontained();
            ContainmentSessions.patiently(() -> went(CUT, watch));
            endUncontained();
        }
    }

    /** Has one of each scheme take all ways. */
    private void startUncontained() throws IOException {
        for (String scheme : List.of("http", "https")) {
            int port = FIRST_PORT + (scheme.equals("http") ? 0 : names.indexOf(SECURE));
            uncontained.add(new ProcessBuilder(
                            program().toString(),
                            "--no-sandbox",
                            "--headless",
                            "--user-data-dir=" + Files.createTempDirectory(folder, scheme),
                            // Without it, a headless Chrome ends when its page is loaded.
                            "--remote-debugging-port=0",
                            scheme + "://site.test/?to=" + TARGET + "&port=" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
    }

    /** Whether the uncontained ones have taken these ways. */
    private boolean went(Collection<String> ways, ContainmentWatch watch) {
        ContainmentWatch.Seen seen = watch.look();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.leaks(FIRST_PORT + i).isEmpty()) {
                taken.add(names.get(i));
            }
        }
        return taken.containsAll(ways);
    }

    /** Whether nothing arrives at the control either. */
    boolean isSilent(String way) {
        return silent.containsKey(way) || CUT.contains(way);
    }

    /** How it is known that a way was taken on which nothing arrived, empty if it is not known. */
    String proof(String way) {
        if (taken.contains(way)) {
            return "arrives from an uncontained Chrome";
        }
        return CUT.contains(way) && !compared ? "see the full test" : silent.getOrDefault(way, "");
    }

    /** What stopped this way if the proxy was not even asked; else nothing. */
    String stopped(String way) {
        return CUT.contains(way) ? "Chrome's flags; the page saw: " : "";
    }

    /** The names of a page's ways, in the order of their ports. */
    List<String> ways(String scheme) {
        int secure = names.indexOf(SECURE);
        return scheme.equals("http") ? names.subList(0, secure) : names.subList(secure, names.size());
    }

    /** A program may be a script that starts Chrome. */
    private void endUncontained() {
        for (Process chrome : uncontained) {
            chrome.descendants().toList().forEach(ProcessHandle::destroyForcibly);
            chrome.destroyForcibly();
        }
        uncontained.clear();
    }
}
