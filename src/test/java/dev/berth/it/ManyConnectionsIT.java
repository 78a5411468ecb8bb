package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A page may have as many connections at once as Chrome itself allows, although all go through one proxy. */
class ManyConnectionsIT extends InOwnSession {
    /** Behind a proxy Chrome opens 128 to a host (256 without one): these are two hosts'. */
    private static final int SOCKETS = 200;
    /** Chrome opens six streams to a host. */
    private static final int HOSTS = 40;

    private static final int STREAMS = 6 * HOSTS;

    @Test
    void webSocketsAndStreamsAreOpenAtOnce() {
        open("<title>Many</title>");
        // A socket that fails counts 0, so that the test does not wait for it.
        String sockets = """
                window.sockets = [...Array(%d).keys()]
                  .map(i => new WebSocket(`ws://${['127.0.0.1', 'localhost'][i %% 2]}:%d/`));
                Promise.all(sockets.map(s => new Promise(done => { s.onopen = () => done(1); s.onclose = () => done(0); })))
                  .then(open => open.reduce((a, b) => a + b))""".formatted(SOCKETS, site.port());
        assertThat(script(sockets)).isEqualTo(SOCKETS);
        script("""
                for (let host = 0; host < %d; host++) for (let i = 0; i < 6; i++)
                  fetch(`http://h${host}.localhost:%d/hangs?many=${host}-${i}`, {mode: 'no-cors'}).catch(() => {}); 1""".formatted(HOSTS, site.port()));
        assertThat(Api.await(() -> site.served("/hangs?many=").size(), come -> come == STREAMS))
                .isEqualTo(STREAMS);
        String echoes = """
                Promise.all(sockets.map((s, i) => new Promise(done => { s.onmessage = e => done(e.data == `echo ${i}`); s.send(i); })))
                  .then(all => all.filter(echo => echo).length)""";
        assertThat(script(echoes)).isEqualTo(SOCKETS);
    }
}
