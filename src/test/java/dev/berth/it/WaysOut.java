package dev.berth.it;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page with many ways to leave it: each is taken by a click on the element that has its name as id. */
final class WaysOut {
    /** Their markup; %s is the URL outside. */
    private static final Map<String, String> LINKS = ordered(
            "link", "<a href='%s' id=link>x</a>",
            "upper-case", "<a href='HTTP://EVIL.LOCALHOST:%port/upper-case/' id=upper-case>x</a>",
            "blank", "<a href='%s' target=_blank id=blank>x</a>",
            "noopener", "<a href='%s' target=_blank rel=noopener id=noopener>x</a>",
            "named-popup", "<a href='%s' target=a-popup id=named-popup>x</a>",
            "framed", "<iframe name=inner></iframe><a href='%s' target=inner id=framed>x</a>",
            "form-get", "<form action='%s'><button id=form-get>x</button></form>",
            "form-post", "<form action='%s' method=post><button id=form-post>x</button></form>",
            "form-blank", "<form action='%s' method=post target=_blank><button id=form-blank>x</button></form>",
            "form-action", "<form><button formaction='%s' id=form-action>x</button></form>",
            "svg", "<svg width=40 height=20><a href='%s'><text y=15 id=svg>x</text></a></svg>",
            "script-url", "<a href=\"javascript:location='%s'\" id=script-url>x</a>",
            "redirect-link", "<a href='/redirect-to?url=%s' id=redirect-link>x</a>",
            "backslash", "<a href='http:\\\\evil.localhost:%port\\backslash\\' id=backslash>x</a>",
            "no-scheme", "<a href='//evil.localhost:%port/no-scheme/' id=no-scheme>x</a>",
            "user-info", "<a href='http://good.localhost:80@evil.localhost:%port/user-info/' id=user-info>x</a>",
            "subdomain", "<a href='http://good.localhost.evil.localhost:%port/subdomain/' id=subdomain>x</a>",
            "suffix", "<a href='http://evil-good.localhost:%port/suffix/' id=suffix>x</a>",
            "parent", "<a href='http://localhost:%port/parent/' id=parent>x</a>",
            "address", "<a href='http://127.0.0.1:%port/address/' id=address>x</a>",
            "number", "<a href='http://2130706433:%port/number/' id=number>x</a>",
            "look-alike", "<a href='http://g\u043e\u043ed.localhost:%port/look-alike/' id=look-alike>x</a>");

    /** What they run, with the URL outside in {@code U}. */
    private static final Map<String, String> SCRIPTS = ordered(
            "location", "location = U",
            "replace", "location.replace(U)",
            "navigation", "navigation.navigate(U).finished.catch(() => 0)",
            "open", "window.open(U)",
            "open-noopener", "window.open(U, '_blank', 'noopener')",
            "open-later", "const w = window.open('about:blank'); w.location = U",
            "popup-script", "window.open('about:blank').document.write(`<script>location='${U}'<\\/script>`)",
            "frame", "frame(U)",
            "object", "add('object', {type: 'text/html', data: U})",
            "embed", "add('embed', {type: 'text/html', src: U})",
            "frameset", "frame('about:blank').contentDocument.write(`<frameset><frame src='${U}'></frameset>`)",
            "frame-document", "add('iframe', {srcdoc: `<script>location='${U}'<\\/script>`})",
            "data-frame",
                    "frame('data:text/html,' + encodeURIComponent(`<meta http-equiv=refresh content='0;url=${U}'>`))",
            "blob-frame",
                    "frame(URL.createObjectURL(new Blob([`<script>location='${U}'<\\/script>`], {type: 'text/html'})))",
            "blob-popup",
                    "window.open(URL.createObjectURL(new Blob([`<script>location='${U}'<\\/script>`], {type: 'text/html'})))",
            "sandbox",
                    "add('iframe', {sandbox: 'allow-scripts allow-popups', srcdoc: `<script>open('${U}')<\\/script>`})",
            "top", "add('iframe', {srcdoc: `<script>top.location='${U}'<\\/script>`})",
            "redirected-frame", "frame('/redirect-to?url=' + U)",
            "redirected-twice", "location = '/redirect-to?url=' + encodeURIComponent('/redirect-to?url=' + U)",
            "refresh-header", "frame('/refresh-to?url=' + U)",
            "refresh", "add('meta', {httpEquiv: 'refresh', content: '0;url=' + U})",
            "worker-navigate", "inWorker().then(worker => worker.postMessage(U))",
            "worker-redirect", "inWorker().then(() => { frame('/redirect-by-worker?url=' + U) })");

    private static final String HELP = """
            <p id=tried>tried:</p><script>
            document.addEventListener('click', e => tried.textContent += ' ' + e.target.id, true);
            function add(tag, fields) { return document.body.appendChild(Object.assign(document.createElement(tag), fields)) }
            function frame(src) { return add('iframe', {src}) }
            function inWorker() {
              navigator.serviceWorker.register('/leaving-service.js');
              const controller = () => navigator.serviceWorker.controller;
              return new Promise(done => controller() ? done(controller())
                : navigator.serviceWorker.addEventListener('controllerchange', () => done(controller())));
            }
            </script>""";

    private WaysOut() {}

    private static Map<String, String> ordered(String... namesAndTexts) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            map.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return map;
    }

    static List<String> names() {
        return Stream.concat(LINKS.keySet().stream(), SCRIPTS.keySet().stream()).toList();
    }

    /** The page, with each way leading to a path of its name at the decoy. */
    static String html(Decoy decoy) {
        String links = LINKS.entrySet().stream()
                .map(way -> way.getValue()
                        .replace("%s", decoy.url("evil.localhost", way.getKey() + "/"))
                        .replace("%port", String.valueOf(decoy.port())))
                .collect(Collectors.joining("\n"));
        String buttons = SCRIPTS.keySet().stream()
                .map(name -> "<button id=%s onclick='way[\"%s\"](\"%s\")'>x</button>"
                        .formatted(name, name, decoy.url("evil.localhost", name + "/")))
                .collect(Collectors.joining("\n"));
        String scripts = SCRIPTS.entrySet().stream()
                .map(way -> "'" + way.getKey() + "': U => { " + way.getValue() + " }")
                .collect(Collectors.joining(",\n"));
        return "<meta charset=utf-8><title>Ways out</title>" + links + buttons + HELP + "<script>const way = {\n"
                + scripts + "\n}</script>";
    }
}
