package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users and keys of a server, as an admin manages them over HTTP. */
class AccessIT {
    private static final String KEYS = "/api/admin/keys";
    private static final String USERS = "/api/admin/users";
    private static final String ALL = "/api/admin/sessions";

    private final Berth berth = Berth.shared();
    private final Api admin = berth.api();

    private static JsonObject object(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    private JsonObject made(JsonObject wish) {
        Api.Answer answer = admin.post(KEYS, wish);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private Api by(JsonObject key) {
        return new Api(berth.server.url(), key.getString("key"));
    }

    private static String path(JsonObject key) {
        return KEYS + "/" + key.getInteger("keyId");
    }

    private JsonObject listed(JsonObject key) {
        return admin.get(KEYS + "?user=" + key.getString("user") + "&limit=100").list("keys").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getInteger("keyId").equals(key.getInteger("keyId")))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonObject> log(int limit) {
        return admin.get("/api/admin/log?limit=" + limit).list("entries").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    @Test
    void aKeyIsMadeUsedChangedAndRevoked() {
        JsonObject key = made(object("{'user':'kim','name':'ci','limits':{'sessions':3,'aiUsdPerMonth':0.5}}"));
        JsonObject me = by(key).get("/api/me").json();
        assertThat(me.getString("user")).isEqualTo("kim");
        assertThat(me.getBoolean("admin")).isFalse();
        assertThat(me.getInteger("keyId")).isEqualTo(key.getInteger("keyId"));
        assertThat(me.getJsonObject("keyLimits")).isEqualTo(object("{'sessions':3,'aiUsdPerMonth':0.5}"));
        JsonObject changed = admin.patch(path(key), object("{'name':'build','limits':{'storedMib':7}}"))
                .json();
        assertThat(changed.getString("name")).isEqualTo("build");
        Api.await(
                () -> by(key).get("/api/me"),
                now -> now.json().getJsonObject("keyLimits").equals(object("{'storedMib':7}")));
        Api.await(() -> listed(key), now -> now.containsKey("lastUsedAt"));
        assertThat(listed(key).fieldNames()).doesNotContain("key", "expiresAt");
        assertThat(admin.delete(path(key)).status()).isEqualTo(200);
        by(key).await("/api/me", answer -> answer.status() == 401);
        assertThat(admin.delete(path(key)).status()).isEqualTo(404);
        assertThat(admin.patch(path(key), object("{'name':'x'}")).status()).isEqualTo(404);
        List<JsonObject> told = log(100).stream()
                .filter(entry -> entry.getString("subject").equals(key.getInteger("keyId") + ""))
                .toList();
        assertThat(told)
                .extracting(entry -> entry.getString("act"))
                .containsExactly("key.revoked", "key.changed", "key.created");
        assertThat(told.get(1).getString("user")).isEqualTo("default");
        assertThat(told.get(1).getString("address")).isEqualTo("127.0.0.1");
        assertThat(told.get(1).getJsonObject("details"))
                .isEqualTo(object("{'user':'kim','name':'build','nameBefore':'ci','limits':{'storedMib':7}}"));
    }

    /** The key's links and webhooks go on; its sockets are closed when it ends. */
    @Test
    void aRotatedKeyGoesOnAsAnother() {
        JsonObject old = made(object("{'user':'lee','name':'ci','limits':{'sessions':3}}"));
        by(old).post("/api/webhooks", object("{'url':'https://example.com/','events':['session.ended']}"));
        JsonObject next = admin.post(path(old) + "/rotate", object("{'graceSeconds':3600}"))
                .json();
        assertThat(next.getString("user")).isEqualTo("lee");
        assertThat(next.getJsonObject("limits")).isEqualTo(object("{'sessions':3}"));
        assertThat(by(old).get("/api/me").status()).isEqualTo(200);
        assertThat(Instant.parse(listed(old).getString("expiresAt")))
                .isBetween(Instant.now(), Instant.now().plusSeconds(3600));
        assertThat(listed(next).fieldNames()).doesNotContain("expiresAt");
        assertThat(admin.delete(path(old)).status()).isEqualTo(200);
        assertThat(by(next).get("/api/webhooks").list("webhooks")).hasSize(1);
        JsonObject last = admin.post(path(next) + "/rotate").json();
        by(next).await("/api/me", answer -> answer.status() == 401);
        assertThat(by(last).get("/api/me").status()).isEqualTo(200);
    }

    @Test
    void aKeyEndsWhenItExpiresAndItsUserIsRemovedWithAll() {
        JsonObject key = made(new JsonObject()
                .put("user", "max of it")
                .put("expiresAt", Instant.now().plusSeconds(3600).toString().replaceFirst("\\..*", "Z")));
        String user = USERS + "/max%20of%20it";
        Api.Opened session = by(key).create();
        CdpClient socket = CdpClient.connect(session.connectUrl());
        assertThat(socket.send("Browser.getVersion")).isNotNull();
        assertThat(admin.get(session.path()).status())
                .as("an admin is no reader of sessions")
                .isEqualTo(404);
        assertThat(admin.delete(user).error().getString("message")).contains("running or waiting sessions: 1");
        Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);
        assertThat(admin.patch(path(key), new JsonObject().put("expiresAt", end.toString()))
                        .status())
                .isEqualTo(200);
        assertThat(socket.closed()).isEqualTo(new CdpClient.Closed(4003, "the API key was revoked or has expired"));
        assertThat(Instant.now()).isAfterOrEqualTo(end);
        assertThat(by(key).get(session.path()).status()).isEqualTo(401);
        Api.await(
                () -> log(10),
                entries -> entries.stream()
                        .anyMatch(entry -> entry.getString("act").equals("key.expired")
                                && entry.getString("subject").equals(key.getInteger("keyId") + "")));
        JsonObject another = made(object("{'user':'max of it'}"));
        by(another).delete(session.path());
        JsonObject removed = admin.delete(user).json();
        assertThat(removed).isEqualTo(object("{'success':true,'keys':1,'sessions':1}"));
        by(another).await("/api/me", answer -> answer.status() == 401);
        assertThat(admin.delete(user).status()).isEqualTo(404);
        assertThat(log(1).get(0).getString("act")).isEqualTo("user.removed");
    }

    private JsonObject only(String query) {
        return Api.await(() -> admin.get(ALL + "?user=olga&" + query).list("sessions"), all -> all.size() == 1)
                .getJsonObject(0);
    }

    @Test
    void anAdminSeesThatSessionsOfOthersExistAndEndsThem() {
        JsonObject ci = made(object("{'user':'olga','name':'ci'}"));
        JsonObject laptop = made(object("{'user':'olga','name':'laptop'}"));
        String first = by(ci).newSession();
        String id = first.substring(first.lastIndexOf('/') + 1);
        JsonObject listed = only("status=running");
        assertThat(listed.getMap())
                .as("nothing of its content")
                .containsOnlyKeys(
                        "sessionId", "user", "keyId", "keyName", "status", "createdAt", "startedAt", "machineId")
                .containsEntry("sessionId", id)
                .containsEntry("user", "olga")
                .containsEntry("keyName", "ci");
        assertThat(admin.get(ALL).json().getBoolean("contentReadable")).isFalse();
        assertThat(admin.get(first + "/actions").status()).isEqualTo(404);

        assertThat(admin.delete(ALL + "/" + id).status()).isEqualTo(200);
        assertThat(by(ci).get(first).json().getString("endReason")).isEqualTo("admin");
        assertThat(admin.get(ALL + "?user=olga").list("sessions")).isEmpty();
        assertThat(only("includeTerminated=true").getString("endedAt")).isNotNull();
        assertThat(log(1).get(0).getString("act")).isEqualTo("session.ended");
        assertThat(log(1).get(0).getString("subject")).isEqualTo(id);
        assertThat(log(1).get(0).getJsonObject("details")).isEqualTo(object("{'user':'olga'}"));
        assertThat(admin.delete(ALL + "/" + id).status()).as("it has ended").isEqualTo(200);
        assertThat(admin.delete(ALL + "/session-00000000-0000-4000-8000-000000000000")
                        .status())
                .isEqualTo(404);

        String second = by(ci).newSession();
        assertThat(admin.delete(path(ci) + "?sessions=end").json())
                .isEqualTo(object("{'success':true,'sessionsEnded':1}"));
        assertThat(by(laptop).get(second).json().getString("endReason")).isEqualTo("admin");

        by(laptop).newSession();
        assertThat(admin.delete(USERS + "/olga").status()).isEqualTo(409);
        assertThat(admin.delete(USERS + "/olga?sessions=end").json())
                .isEqualTo(object("{'success':true,'keys':1,'sessions':3}"));
    }

    @Test
    void theOlderFormOfARoleIsTaken() {
        JsonObject older = made(object("{'user':'pia','admin':true}"));
        assertThat(older.getString("role")).isEqualTo("admin");
        assertThat(by(older).get("/api/me").json().getString("role")).isEqualTo("admin");
        assertThat(listed(older).getBoolean("admin")).isTrue();
        JsonObject newer = made(object("{'user':'pia','role':'user','admin':false}"));
        assertThat(listed(newer).getString("role")).isEqualTo("user");
    }

    @Test
    void usersAreMadeOnceAndListed() {
        assertThat(admin.post(USERS, object("{'user':'nia'}")).status()).isEqualTo(201);
        assertThat(admin.post(USERS, object("{'user':'nia'}")).status()).isEqualTo(409);
        made(object("{'user':'nia'}"));
        JsonArray users = admin.get(USERS + "?limit=100").list("users");
        assertThat(users.stream().map(JsonObject.class::cast))
                .anyMatch(user -> user.getString("user").equals("nia") && user.getInteger("keys") == 1);
        assertThat(admin.get(USERS + "?limit=1").json().getInteger("total"))
                .as("all users, of which an answer has 100 at most, and other tests make more")
                .isGreaterThanOrEqualTo(users.size());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,keys",
        "POST,keys",
        "PATCH,keys/1",
        "DELETE,keys/1",
        "POST,keys/1/rotate",
        "GET,users",
        "POST,users",
        "DELETE,users/default",
        "GET,sessions",
        "DELETE,sessions/session-00000000-0000-4000-8000-000000000000",
        "GET,log"
    })
    void whoIsNoAdminMayDoNothingOfThis(String method, String path) {
        Api other = new Api(berth.server.url(), berth.keyOf("nobody"));
        JsonObject body = object(method.equals("PATCH") ? "{'name':'x'}" : "{'user':'x'}");
        Api.Answer answer =
                switch (method) {
                    case "GET" -> other.get("/api/admin/" + path);
                    case "DELETE" -> other.delete("/api/admin/" + path);
                    case "PATCH" -> other.patch("/api/admin/" + path, body);
                    default ->
                        path.endsWith("rotate")
                                ? other.post("/api/admin/" + path)
                                : other.post("/api/admin/" + path, body);
                };
        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|user",
                "{'user':' '}|user: must not be empty",
                "{'user':'a/b'}|user: must not be empty, start or end with a space, or contain a slash",
                "{'user':'a\\u0000'}|user: must have at most 100 characters and no control characters",
                "{'user':'a\\u0007'}|user: must have at most 100 characters and no control characters",
                "{'user':'a','name':'a\\nb'}|name: must have at most 100 characters and no control characters",
                "{'user':'a','admin':1}|admin",
                "{'user':'a','expiresAt':'2020-01-01T00:00:00Z'}|expiresAt: must be in the future",
                "{'user':'a','expiresAt':'2099-13-01T00:00:00Z'}|expiresAt: must be a time such as",
                "{'user':'a','expiresAt':'tomorrow'}|expiresAt: must be a time such as",
                "{'user':'a','expiresAt':'+99999-01-01T00:00:00Z'}|expiresAt: must be in the future, and before",
                "{'user':'a','limits':{'sessions':-1}}|limits.sessions",
                "{'user':'a','limits':{'sessions':1.5}}|limits.sessions",
                "{'user':'a','limits':{'session':1}}|did you mean sessions?",
                "{'user':'a','role':'root'}|role",
                "{'user':'a','role':'viewer','admin':true}|admin: can't be combined with role viewer"
            })
    void aWishThatCantBeGrantedIsRefusedByTheNameOfItsField(String wish, String said) {
        Api.Answer answer = admin.post(KEYS, object(wish));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains(said);
    }

    @Test
    void whatIsNoKeyIsNotFoundAndNoChangeIsRefused() {
        assertThat(admin.delete(KEYS + "/x").status()).isEqualTo(404);
        assertThat(admin.delete(USERS + "/a%2Fb").status()).isEqualTo(404);
        assertThat(admin.delete(KEYS + "/999999999").status()).isEqualTo(404);
        assertThat(admin.post(KEYS + "/999999999/rotate").status()).isEqualTo(404);
        assertThat(admin.patch(KEYS + "/1", new JsonObject()).error().getString("message"))
                .contains("name, expiresAt or limits");
        assertThat(admin.patch(KEYS + "/1", object("{'admin':false}")).status()).isEqualTo(400);
        assertThat(admin.get(KEYS + "?limit=101").status()).isEqualTo(400);
    }
}
