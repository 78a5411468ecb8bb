package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionLifecycleIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final TestSite site = berth.site;

    @Test
    void createAnswersAtOnceWithEverythingAClientNeeds() {
        Api.Answer created = api.post("/api/sessions");
        JsonObject session = created.json();
        assertThat(created.status()).isEqualTo(201);
        assertThat(session.getString("status")).isEqualTo("creating");
        assertThat(session.getString("machineId")).isEqualTo(berth.server.machineId());
        assertThat(created.headers().firstValue("Location"))
                .contains("/api/sessions/" + session.getString("sessionId"));
        assertThat(session.getString("connectUrl"))
                .matches(
                        "ws://127\\.0\\.0\\.1:\\d+/api/sessions/" + session.getString("sessionId") + "/cdp\\?token=.+");
        assertThat(session.getString("liveUrl")).contains("/live/" + session.getString("sessionId") + "?token=");
        assertLinks(
                api.get(created.headers().firstValue("Location").orElseThrow()).json(), session);
        assertThat(Instant.parse(session.getString("expiresAt")))
                .isEqualTo(Instant.parse(session.getString("createdAt")).plusSeconds(3_600));
        end("/api/sessions/" + session.getString("sessionId"));
    }

    private static void assertLinks(JsonObject session, JsonObject expected) {
        for (String link : List.of("connectUrl", "liveUrl")) {
            assertThat(session.getString(link)).isEqualTo(expected.getString(link));
        }
    }

    @Test
    void theInitialUrlIsLoadedAndReported() {
        String session = api.newSession(new JsonObject().put("initialPrompt", "localhost:" + site.port() + "/plain"));
        JsonObject found = api.await(
                        session,
                        a -> "Plain".equals(a.json().getString("title"))
                                && a.json().getInteger("actionCount") == 1)
                .json();
        assertThat(found.getString("currentUrl")).isEqualTo(site.otherSiteUrl("/plain"));
        assertThat(found.getInteger("navigationCount")).isEqualTo(1);
        JsonObject navigation = found.getJsonArray("navigations").getJsonObject(0);
        assertThat(navigation.getString("url")).isEqualTo(site.otherSiteUrl("/plain"));
        assertThat(navigation.getString("title")).isEqualTo("Plain");
        JsonObject action = api.get(session + "/actions").list("actions").getJsonObject(0);
        assertThat(action.getString("type")).isEqualTo("navigate");
        assertThat(action.getBoolean("success")).isTrue();
        assertThat(action.getJsonObject("details").getInteger("status")).isEqualTo(200);
        end(session);
    }

    @Test
    void aFailedInitialUrlIsReportedAndTheSessionRunsOn() {
        JsonObject created = api.post(
                        "/api/sessions?wait=running", new JsonObject().put("initialPrompt", "http://127.0.0.1:1/"))
                .json();
        assertThat(created.getString("status")).isEqualTo("running");
        assertThat(created.getString("navigationError")).contains("net::ERR_UNSAFE_PORT");
        String session = "/api/sessions/" + created.getString("sessionId");
        JsonObject action = api.await(session + "/actions", a -> a.json().getInteger("total") == 1)
                .list("actions")
                .getJsonObject(0);
        assertThat(action.getBoolean("success")).isFalse();
        assertThat(action.getString("error")).contains("net::ERR_UNSAFE_PORT");
        assertThat(api.evaluate(session, "location.href"))
                .isEqualTo(api.get(session).json().getString("currentUrl"))
                .isEqualTo("chrome-error://chromewebdata/");
        end(session);
    }

    @Test
    void anAiTaskWithoutAModelIsRefusedAndLeavesNothing() {
        Api own = new Api(berth.server.url(), berth.keyOf("one without a model"));
        Api.Answer refused = own.post("/api/sessions", new JsonObject().put("initialPrompt", "find me a cheap flight"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("code")).isEqualTo("ai_not_configured");
        assertThat(own.get("/api/sessions?includeTerminated=true").json().getInteger("total"))
                .isZero();
    }

    @Test
    void deleteEndsItAndEverythingCanStillBeRead() {
        String session = api.open(site.url("/noisy"));
        api.await(session + "/console", a -> a.json().getInteger("total") >= 9);
        String shot = api.post(session + "/screenshot").json().getString("objectId");
        JsonArray liveLogs = api.get(session + "/console").list("logs");
        JsonArray liveRequests = api.get(session + "/network").list("requests");
        JsonArray liveActions = api.get(session + "/actions").list("actions");

        Api.Answer deleted = api.delete(session);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.json())
                .isEqualTo(new JsonObject().put("success", true).put("message", "Session terminated"));

        JsonObject ended = api.get(session).json();
        assertThat(ended.getString("status")).isEqualTo("completed");
        assertThat(ended.getString("endReason")).isEqualTo("client");
        assertThat(ended.getString("title")).isEqualTo("Noisy");
        assertThat(ended.getInteger("screenshotCount")).isEqualTo(1);
        assertThat(ended.getLong("duration")).isPositive();
        assertThat(api.get(session + "/console").list("logs")).isEqualTo(liveLogs);
        assertThat(api.get(session + "/network").list("requests")).isEqualTo(liveRequests);
        assertThat(api.get(session + "/actions").list("actions")).isEqualTo(liveActions);
        JsonObject artifact = api.get(session + "/artifacts").list("artifacts").getJsonObject(0);
        assertThat(artifact.getString("objectId")).isEqualTo(shot);
        assertThat(Api.fetch(artifact.getString("publicUrl")).status()).isEqualTo(200);
        assertThat(api.get(session + "/health").json().getString("status")).isEqualTo("unhealthy");
        assertThat(api.delete(session).status()).isEqualTo(200);
    }

    @Test
    void anEndedSessionRefusesActionsWithItsReason() {
        String session = api.newSession();
        end(session);
        Api.Answer refused = api.post(session + "/navigate", new JsonObject().put("url", site.url("/plain")));
        assertThat(refused.status()).isEqualTo(410);
        assertThat(refused.error().getString("code")).isEqualTo("session_ended");
        assertThat(refused.error().getString("message")).contains("client");
    }

    @Test
    void deleteWorksWhileCreating() {
        JsonObject created = api.post("/api/sessions").json();
        String session = "/api/sessions/" + created.getString("sessionId");
        assertThat(api.delete(session).status()).isEqualTo(200);
        JsonObject ended = api.get(session).json();
        assertThat(ended.getString("status")).isIn("cancelled", "completed");
        assertThat(ended.getString("endReason")).isEqualTo("client");
        assertThat(ended.getString("status"))
                .isEqualTo(ended.getString("startedAt") == null ? "cancelled" : "completed");
    }

    @Test
    void readsAndDeleteOvertakeARunningAction() {
        String session = api.newSession();
        var hanging = java.util.concurrent.CompletableFuture.supplyAsync(
                () -> api.post(session + "/navigate", new JsonObject().put("url", site.url("/hangs?delete"))));
        Api.await(() -> site.served("/hangs?delete"), served -> !served.isEmpty());
        for (String read : new String[] {"", "/actions", "/artifacts", "/health", "/console", "/network"}) {
            assertThat(api.get(session + read).status()).isEqualTo(200);
        }
        assertThat(hanging).isNotDone();
        end(session);
        Api.Answer failed = hanging.join();
        assertThat(failed.status()).isEqualTo(410);
        JsonObject action = api.get(session + "/actions").list("actions").getJsonObject(0);
        assertThat(action.getBoolean("success")).isFalse();
        assertThat(action.getString("error")).contains("session ended");
    }

    @Test
    void theSameIdempotencyKeyGivesTheSameSession() {
        String key = UUID.randomUUID().toString();
        JsonObject body = new JsonObject().put("metadata", new JsonObject().put("try", "1"));
        String first = createWithKey(key, body).json().getString("sessionId");
        assertThat(createWithKey(key, body).json().getString("sessionId")).isEqualTo(first);
        Api.Answer other = createWithKey(key, new JsonObject());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error().getString("code")).isEqualTo("conflict");
        end("/api/sessions/" + first);
        assertThat(createWithKey(key, body).json().getString("sessionId")).isEqualTo(first);
    }

    private Api.Answer createWithKey(String key, JsonObject body) {
        return Api.send(api.request("/api/sessions")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    @Test
    void listFiltersAndPages() {
        String tag = UUID.randomUUID().toString();
        JsonObject body = new JsonObject().put("metadata", new JsonObject().put("tag", tag));
        String older = api.newSession(body);
        String newer = api.newSession(body);
        end(older);
        assertLinks(api.get(older).json(), new JsonObject());
        String mine = "/api/sessions?metadata.tag=" + tag;
        assertThat(ids(api.get(mine))).containsExactly(newer);
        JsonArray all = api.get(mine + "&includeTerminated=true").list("sessions");
        assertLinks(all.getJsonObject(0), api.get(newer).json());
        assertLinks(all.getJsonObject(1), new JsonObject());
        assertThat(ids(api.get(mine + "&includeTerminated=true"))).containsExactly(newer, older);
        assertThat(ids(api.get(mine + "&status=completed"))).containsExactly(older);
        assertThat(ids(api.get(mine + "&status=failed"))).isEmpty();
        JsonObject page = api.get(mine + "&includeTerminated=true&limit=1").json();
        assertThat(page.getInteger("total")).isEqualTo(2);
        assertThat(page.getBoolean("hasMore")).isTrue();
        assertThat(ids(api.get(mine + "&includeTerminated=true&limit=1&offset=1")))
                .containsExactly(older);
        end(newer);
    }

    @Test
    void aPartOfTheIdTheUrlTheTitleOrALabelFindsASession() {
        String tag = UUID.randomUUID().toString();
        String session =
                api.newSession(new JsonObject().put("metadata", new JsonObject().put("team", "Quality-" + tag + "%_")));
        api.navigate(session, site.page("<title>Über " + tag + " Tea</title>"));
        api.await(session, answer -> answer.json().getString("title").startsWith("Über"));
        String id = session.substring(session.lastIndexOf('-') + 1);
        String url = api.get(session).json().getString("currentUrl");
        for (String part : java.util.List.of(
                id.toUpperCase(),
                "QUALITY-" + tag + "%_",
                "Ber%20" + tag + "%20tEA",
                url.substring(url.indexOf("/own/")))) {
            Api.Answer found = api.await(
                    "/api/sessions?q=" + part.replace("%_", "%25_"),
                    answer -> answer.json().getInteger("total") > 0);
            assertThat(ids(found)).as(part).containsExactly(session);
        }
        assertThat(ids(api.get("/api/sessions?metadata.team=other&q=" + id))).isEmpty();
        assertThat(ids(api.get("/api/sessions?q=Quality-" + tag + "__"))).isEmpty();
        assertThat(ids(api.get("/api/sessions?q=team"))).doesNotContain(session);
        end(session);
        assertThat(ids(api.get("/api/sessions?q=" + id))).isEmpty();
        assertThat(ids(api.get("/api/sessions?includeTerminated=true&q=" + id))).containsExactly(session);
        assertThat(api.get("/api/sessions?q=").status()).isEqualTo(400);
        assertThat(api.get("/api/sessions?q=a%00b").status()).isEqualTo(400);
    }

    private static java.util.List<String> ids(Api.Answer listed) {
        return listed.list("sessions").stream()
                .map(JsonObject.class::cast)
                .map(session -> "/api/sessions/" + session.getString("sessionId"))
                .toList();
    }

    @Test
    void aSessionHasTheTimeoutsThatWereAskedFor() {
        JsonObject timeouts =
                new JsonObject().put("idle", 1_000).put("lifetime", 61_000).put("reconnect", 7_000);
        String session = api.newSession(new JsonObject().put("options", new JsonObject().put("timeouts", timeouts)));
        JsonObject found = api.get(session).json();
        assertThat(found.getJsonObject("options").getJsonObject("timeouts")).isEqualTo(timeouts);
        assertThat(Instant.parse(found.getString("expiresAt")))
                .isEqualTo(Instant.parse(found.getString("createdAt")).plusMillis(61_000));
        JsonObject bored = api.await(session, a -> !"running".equals(a.json().getString("status")))
                .json();
        assertThat(bored.getString("endReason")).isEqualTo("idle_timeout");
    }

    private void end(String session) {
        assertThat(api.delete(session).status()).isEqualTo(200);
    }
}
