package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.it.EventClient.Event;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Streams of events of real sessions, against what their lists say. */
class EventsIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    private static EventClient events(Api api, String path, String lastId) {
        return EventClient.open(api.request(path).header("Last-Event-ID", lastId));
    }

    private static int status(HttpRequest.Builder request) {
        return Api.send(request).status();
    }

    private static List<JsonObject> of(String kind, List<Event> events) {
        return events.stream()
                .filter(event -> event.kind().equals(kind))
                .map(Event::data)
                .toList();
    }

    /** A page may get its title after its navigation was told. */
    /** An entry as it was when it was told of: a page's title and load times are added to its navigation later. */
    private static JsonObject asTold(JsonObject entry) {
        JsonObject copy = entry.copy();
        List.of("title", "contentLoadedAt", "loadedAt").forEach(copy::remove);
        return copy;
    }

    private static List<JsonObject> list(Api api, String path, String field) {
        return api.get(path).list(field).stream()
                .map(JsonObject.class::cast)
                .peek(entry -> entry.remove("offset")) // an event has its place in its id
                .toList();
    }

    private static boolean isEnd(Event event) {
        return event.kind().equals("status") && event.data().getString("endReason") != null;
    }

    private static void assertSameAsTheLists(Api api, String session, List<Event> events) {
        assertThat(of("console", events)).isNotEmpty().isEqualTo(list(api, session + "/console", "logs"));
        assertThat(of("network", events)).isNotEmpty().isEqualTo(list(api, session + "/network", "requests"));
        assertThat(of("action", events)).isNotEmpty().isEqualTo(list(api, session + "/actions", "actions"));
        assertThat(of("navigation", events)).isNotEmpty();
        assertThat(of("status", events).stream().map(status -> status.getString("status")))
                .containsExactly("creating", "running", api.get(session).json().getString("status"));
    }

    @Test
    void aStreamThatIsBrokenOffAnywhereTellsEachEntryOnce() {
        String session = api.newSession();
        List<Event> told = new ArrayList<>();
        EventClient first = events(api, session + "/events", "0");
        api.navigate(session, berth.site.url("/noisy"));
        api.act(session, "screenshot", new JsonObject());
        Random random = new Random(7);
        // Live, and broken off in the middle of what is sent.
        EventClient client = first;
        for (int visit = 0; visit < 4; visit++) {
            for (int i = random.nextInt(4) + 1; i > 0; i--) {
                told.add(client.next());
            }
            String last = client.lastId();
            client.close();
            api.evaluate(session, "console.log('visit " + visit + "'); fetch('/plain?" + visit + "'); 1");
            client = events(api, session + "/events", last);
        }
        api.delete(session);
        told.addAll(client.rest());
        assertSameAsTheLists(api, session, told);
        assertThat(isEnd(told.get(told.size() - 1))).isTrue();
        assertThat(of("artifact", told).stream().map(artifact -> artifact.getString("state")))
                .containsExactly("pending", "stored");
        assertThat(Api.fetch(of("artifact", told).get(1).getString("publicUrl")).status())
                .isEqualTo(200);
        // After the end, from anywhere.
        List<Event> whole = events(api, session + "/events", "0").rest();
        assertThat(whole).hasSize(told.size());
        for (int i = 0; i < 5; i++) {
            int cut = random.nextInt(whole.size() - 1);
            assertThat(of(
                            "console",
                            events(api, session + "/events", whole.get(cut).id())
                                    .rest()))
                    .isEqualTo(of("console", whole.subList(cut + 1, whole.size())));
            Event live = told.get(random.nextInt(told.size() - 1));
            List<Event> rest = events(api, session + "/events", live.id()).rest();
            List<Event> before = told.subList(0, told.indexOf(live) + 1);
            for (String kind : List.of("status", "navigation", "action", "console", "network")) {
                assertThat(Stream.concat(of(kind, before).stream(), of(kind, rest).stream())
                                .map(EventsIT::asTold))
                        .containsExactlyElementsOf(
                                of(kind, told).stream().map(EventsIT::asTold).toList());
            }
        }
        String last = whole.get(whole.size() - 1).id();
        assertThat(status(api.request(session + "/events").header("Last-Event-ID", last)))
                .isEqualTo(204);
    }

    @Test
    void aStreamWithoutAnIdBeginsNowAndTellsOfTheEnd() {
        String session = api.open(berth.site.url("/noisy"));
        // Its last lines come after it is loaded.
        api.await(session + "/console", a -> a.json().getInteger("total") == 9);
        EventClient now = EventClient.open(api.request(session + "/events?kinds=console,status"));
        api.evaluate(session, "console.log('after'); 1");
        Event after = now.next();
        assertThat(after.kind()).isEqualTo("console");
        assertThat(after.data().getString("message")).isEqualTo("after");
        api.delete(session);
        assertThat(now.rest()).hasSize(1).allMatch(EventsIT::isEnd);
        assertThat(EventClient.open(api.request(session + "/events")).rest())
                .hasSize(1)
                .allMatch(EventsIT::isEnd);
        assertThat(status(api.request(session + "/events?kinds=console"))).isEqualTo(204);
    }

    @Test
    void aBrowserReadsWithATokenAndNoHeaders() {
        JsonObject created = api.post("/api/sessions?wait=running").json();
        String session = "/api/sessions/" + created.getString("sessionId");
        String url = created.getString("eventsUrl");
        EventClient client =
                EventClient.open(HttpRequest.newBuilder(java.net.URI.create(url + "&lastEventId=0&kinds=status")));
        String token = created.getString("connectUrl").replaceFirst(".*token=", "");
        assertThat(EventClient.open(HttpRequest.newBuilder(
                                java.net.URI.create(berth.server.url() + session + "/events?token=" + token)))
                        .lastId())
                .isNotEmpty();
        String other = api.newSession();
        assertThat(Api.fetch(url.replace(session, other)).status()).isEqualTo(401);
        assertThat(Api.fetch(url.replace("/events?", "/cdp/json/version?")).status())
                .as("it may only read events")
                .isEqualTo(401);
        api.delete(session);
        api.delete(other);
        assertThat(client.rest().stream().map(event -> event.data().getString("status")))
                .containsExactly("creating", "running", "completed");
    }

    @Test
    void whatIsNotRightIsRefusedByNumber() {
        String session = api.newSession();
        Api.Answer cursor = Api.send(api.request(session + "/events").header("Last-Event-ID", "17"));
        assertThat(cursor.status()).isEqualTo(400);
        assertThat(cursor.error().getString("message")).contains("Last-Event-ID must be", "0.0.0.0.0.0");
        assertThat(Api.send(api.request("/api/events").header("Last-Event-ID", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(api.get(session + "/events?kinds=console,clicks").error().getString("message"))
                .contains("kinds: must match", "status|navigation|action|console|network|artifact");
        assertThat(api.get(session + "/events?kind=console").error().getString("message"))
                .contains("kind: is not a known field");
        assertThat(Api.fetch(berth.server.url() + session + "/events").status()).isEqualTo(401);
        assertThat(api.get(session.replaceFirst(".{12}$", "000000000000") + "/events")
                        .status())
                .isEqualTo(404);
        assertThat(api.post(session + "/events").status()).isEqualTo(405);
        assertThat(strange().get(session + "/events").status())
                .as("a session of another user")
                .isEqualTo(404);
        api.delete(session);
        assertThat(strange().get(session + "/events").status()).isEqualTo(404);
    }

    private Api strange() {
        return new Api(berth.server.url(), berth.keyOf("stranger"));
    }

    @Test
    void aUserIsToldOfAllItsSessionsAndOfNoOthers() {
        String user = "lifecycle-" + System.nanoTime();
        Api own = new Api(berth.server.url(), berth.keyOf(user));
        EventClient client = events(own, "/api/events", "0");
        EventClient of = EventClient.open(api.request("/api/events"));
        String one = own.newSession();
        String two = own.newSession();
        own.delete(one);
        List<Event> told = client.until(EventsIT::isEnd);
        client.close();
        own.delete(two);
        // Resumed, and from the beginning.
        List<Event> rest = events(own, "/api/events", told.get(1).id())
                .until(event -> isEnd(event) && two.endsWith(event.data().getString("sessionId")));
        int known = told.size() - 2;
        assertThat(rest.subList(0, known)).isEqualTo(told.subList(2, told.size()));
        List<Event> all = events(own, "/api/events", "0")
                .until(event -> isEnd(event) && two.endsWith(event.data().getString("sessionId")));
        assertThat(all)
                .isEqualTo(
                        Stream.concat(told.stream(), rest.stream().skip(known)).toList());
        assertThat(all)
                .extracting(event -> event.data().getString("status"))
                .containsExactlyInAnyOrder("creating", "running", "completed", "creating", "running", "completed");
        String mine = api.newSession();
        // Tests that run beside this one make sessions of the same user.
        List<Event> others = of.until(event -> mine.endsWith(event.data().getString("sessionId")));
        assertThat(others)
                .extracting(event -> "/api/sessions/" + event.data().getString("sessionId"))
                .doesNotContain(one, two);
        of.close();
        api.delete(mine);
    }

    @Test
    void aStopIsToldToReadersAndViewersAndAStreamResumesAfterwards() {
        Path folder = Berth.temporaryFolder();
        Berth first = Berth.start(folder, Map.of());
        String session = first.api().open(berth.site.url("/noisy"));
        EventClient client = events(first.api(), session + "/events", "0");
        List<Event> told = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            told.add(client.next());
        }
        EventClient waiting = EventClient.open(first.api().request("/api/events"));
        String link = first.api()
                .post(session + "/share", new JsonObject())
                .json()
                .getString("url")
                .replaceFirst(".*\\?", session + "/live?");
        RawWebSocket viewer = RawWebSocket.open(first.server.url() + link);
        viewer.next("frame");
        first.stop();
        RawWebSocket.Frame closed = viewer.closed();
        assertThat(closed.closeCode()).isEqualTo(4010);
        assertThat(closed.closeReason()).isEqualTo("the session ended: node_drained");
        Event last = waiting.next();
        assertThat(last.kind()).isEqualTo("error");
        assertThat(last.data().getString("message")).contains("the server is stopping");
        assertThat(waiting.next()).isNull();
        Berth second = Berth.start(folder, Map.of());
        told.addAll(events(second.api(), session + "/events", told.get(5).id()).rest());
        assertSameAsTheLists(second.api(), session, told);
        assertThat(Upgrade.refused(second.server.url().replace("http", "ws") + link)
                        .status())
                .isEqualTo(410);
        second.stop();
        Berth.delete(folder);
    }
}
