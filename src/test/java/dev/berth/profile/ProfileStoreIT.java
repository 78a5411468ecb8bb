package dev.berth.profile;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.artifact.ArtifactStore;
import dev.berth.browser.SavedProfile.Contents;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ObjectStoreConfig;
import dev.berth.config.ServerConfig;
import dev.berth.history.NodeEpoch;
import dev.berth.history.OwnDatabase;
import dev.berth.history.SessionClaims;
import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.profile.ProfileRepository.Profile;
import dev.berth.history.profile.ProfileRepository.ProfileVersion;
import dev.berth.history.retention.Removals;
import dev.berth.it.Berth;
import dev.berth.metrics.CallTimes;
import dev.berth.profile.ProfileStore.ProfileDraft;
import dev.berth.profile.ProfileStore.StoredProfile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles in a real Postgres and over the S3 protocol: who may save one, what is kept, and for whom it opens. */
class ProfileStoreIT {
    private static final long USER = 1;
    private static final Instant NOW = Instant.parse("2026-03-14T12:00:00Z");
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String OTHER_KEY = KEY.replaceFirst("A", "B");

    @TempDir
    static Path folder;

    private static OwnDatabase postgres;
    private static ArtifactStore objects;
    private static SessionClaims claims;
    private static ProfileRepository rows;
    private static Path dataDir;

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(folder);
        ObjectStoreConfig s3 = Berth.objectStore();
        objects = new ArtifactStore(
                postgres.vertx,
                s3,
                s3.endpoint().orElseThrow(),
                Files.createDirectory(folder.resolve("spool")),
                key -> Future.succeededFuture(),
                CallTimes.unseen());
        claims = new SessionClaims(postgres.database, NodeEpoch.NONE, 0, 4);
        rows = new ProfileRepository(postgres.database);
        dataDir = folder.resolve("data");
        Files.createDirectories(dataDir.resolve("saved-profiles"));
    }

    @AfterAll
    static void stop() throws Exception {
        await(objects.close());
        postgres.close();
    }

    private static EncryptedProfiles store(JsonObject settings) {
        ServerConfig config = ConfigLoader.of(settings.put("data-dir", dataDir.toString()));
        return new EncryptedProfiles(postgres.vertx, config, rows, objects);
    }

    private static EncryptedProfiles store(String keys) {
        return store(new JsonObject().put("profile", new JsonObject().put("key", keys)));
    }

    private static ProfileUse use(String name, SaveProfile save) {
        return new ProfileUse(name, save, Optional.empty());
    }

    private static ProfileUse copy(String name) {
        return use(name, SaveProfile.NEVER);
    }

    private static Future<SessionAccepted> claim(ProfileUse use) {
        CreateSession request = CreateSession.ofDefaults()
                .with(SessionOptions.builder().profile(Optional.of(use)).build());
        return claims.claim(
                request,
                new SessionAccepted(request.sessionId(), SessionStatus.CREATING, "da", NOW, NOW.plusSeconds(60)));
    }

    private static SessionId writer(String name) throws Exception {
        return await(claim(use(name, SaveProfile.ALWAYS))).sessionId();
    }

    /** In whatever way. */
    private static void end(SessionId session) throws Exception {
        postgres.sql(
                "update sessions set ended_at = created_at, status = 'failed', end_reason = 'node_lost' where session_id = $1",
                Tuple.of(session.value()));
    }

    private static int save(ProfileStore store, SessionId writer, String name, String content) throws Exception {
        ProfileDraft draft = store.draft(writer, USER, name);
        write(draft, content);
        return await(draft.commit(new Contents(true)));
    }

    private static void write(ProfileDraft draft, String content) throws IOException {
        try (OutputStream out = draft.open()) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String read(StoredProfile profile) throws Exception {
        try (InputStream in = profile.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            await(profile.discard());
        }
    }

    private static String load(ProfileStore store, ProfileUse use) throws Exception {
        return read(await(store.load(USER, use)).orElseThrow());
    }

    private static BerthException refusal(Future<?> asked) throws Exception {
        return (BerthException) await(asked.transform(done -> Future.succeededFuture(done.cause())));
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dataDir.resolve("saved-profiles"))) {
            return files.toList();
        }
    }

    private static long garbage() throws Exception {
        return await(postgres.database.number("select count(*) from garbage where due_at <= clock_timestamp()"));
    }

    @Test
    void theLastThreeVersionsAreKeptAndTheOthersBecomeGarbage() throws Exception {
        EncryptedProfiles store = store(KEY);
        assertThat(await(store.load(USER, copy("work")))).isEmpty();
        SessionId writer = writer("work");
        long before = garbage();
        for (int i = 1; i <= 4; i++) {
            assertThat(save(store, writer, "work", "the secret cookie " + i)).isEqualTo(i);
        }
        StoredProfile newest = await(store.load(USER, copy("work"))).orElseThrow();
        assertThat(newest.version()).isEqualTo(4);
        assertThat(newest.hasFolders()).isTrue();
        assertThat(Files.readString(files().get(0), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
        assertThat(read(newest)).isEqualTo("the secret cookie 4");
        assertThat(load(store, new ProfileUse("work", SaveProfile.NEVER, Optional.of(2))))
                .isEqualTo("the secret cookie 2");
        assertThat(refusal(store.load(USER, new ProfileUse("work", SaveProfile.NEVER, Optional.of(1)))))
                .hasMessageContaining("'work' has no version 1")
                .extracting(BerthException::code)
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(store.requireVersion(USER, new ProfileUse("work", SaveProfile.NEVER, Optional.of(1)))))
                .hasMessageContaining("'work' has no version 1");
        await(store.requireVersion(USER, new ProfileUse("work", SaveProfile.NEVER, Optional.of(2))));
        await(store.requireVersion(USER, copy("never")));
        assertThat(garbage()).isEqualTo(before + 1);
        assertThat(files()).isEmpty();

        Profile shown = await(rows.get(USER, "work")).orElseThrow();
        assertThat(shown.writer()).contains(writer.value());
        assertThat(shown.versions()).extracting(ProfileVersion::version).containsExactly(4, 3, 2);
        assertThat(shown.versions().get(0).sessionId()).isEqualTo(writer.value());
        assertThat(await(rows.get(2, "work"))).isEmpty();
        assertThat(await(store.load(2, copy("work")))).isEmpty();

        assertThat(refusal(rows.delete(USER, "work"))).hasMessageContaining(writer.value());
        end(writer);
        assertThat(await(rows.delete(2, "work"))).isFalse();
        assertThat(await(rows.delete(USER, "work"))).isTrue();
        assertThat(await(rows.delete(USER, "work"))).isFalse();
        assertThat(garbage()).isEqualTo(before + 4);
    }

    @Test
    void oneSessionHoldsAProfileUntilItEndsInWhateverWay() throws Exception {
        EncryptedProfiles store = store(KEY);
        SessionId first = writer("held");
        assertThat(refusal(claim(use("held", SaveProfile.ON_SUCCESS))))
                .hasMessageContaining(first + " uses the profile 'held'")
                .satisfies(e -> assertThat(e.hint().orElseThrow()).contains("never"))
                .extracting(BerthException::code)
                .isEqualTo(ErrorCode.CONFLICT);
        await(claim(copy("held")));

        ProfileDraft late = store.draft(first, USER, "held");
        write(late, "late");
        end(first);
        SessionId second = writer("held");
        assertThat(refusal(late.commit(new Contents(false))))
                .hasMessageContaining("can no longer save the profile 'held'");
        assertThat(await(store.load(USER, copy("held")))).isEmpty();
        assertThat(save(store, second, "held", "of the second")).isEqualTo(1);

        ProfileDraft abandoned = store.draft(second, USER, "held");
        write(abandoned, "given up");
        // In one turn of the loop: elsewhere, the commit may be done before the draft is given up.
        Promise<Integer> commit = Promise.promise();
        Promise<Void> discard = Promise.promise();
        postgres.vertx.getOrCreateContext().runOnContext(any -> {
            abandoned.commit(new Contents(false)).onComplete(commit);
            abandoned.discard().onComplete(discard);
        });
        await(discard.future());
        assertThat(refusal(commit.future()).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(load(store, copy("held"))).isEqualTo("of the second");
        assertThat(files()).isEmpty();
        end(second);
        await(rows.delete(USER, "held"));
    }

    @Test
    void aUserHasSoManyProfilesAndThoseThatNobodySavedDoNotCount() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            end(writer(name));
        }
        assertThat(await(rows.list(USER, 10, 0)).profiles())
                .extracting(Profile::name)
                .doesNotContain("a", "b", "c");
        EncryptedProfiles store = store(KEY);
        List<String> names = List.of("d", "e", "f", "g");
        for (String name : names) {
            SessionId writer = writer(name);
            save(store, writer, name, name);
            end(writer);
        }
        assertThat(refusal(claim(use("h", SaveProfile.ALWAYS))))
                .hasMessage("you have 4 profiles, the maximum for a user")
                .extracting(BerthException::code)
                .isEqualTo(ErrorCode.LIMIT_REACHED);
        end(writer("d"));
        ProfileRepository.Page page = await(rows.list(USER, 1, 1));
        assertThat(page.profiles()).extracting(Profile::name).containsExactly("e");
        assertThat(page.total()).isEqualTo(4);
        assertThat(page.hasMore()).isTrue();

        postgres.sql("update profiles set used_at = now() - interval '8 days' where name in ('d', 'e')", Tuple.tuple());
        SessionId user = writer("d");
        Removals removals = new Removals(postgres.database, postgres.outbox);
        assertThat(await(removals.expireProfiles(0, 10))).isZero();
        assertThat(await(removals.expireProfiles(7, 10))).isEqualTo(1);
        assertThat(await(rows.list(USER, 10, 0)).profiles())
                .extracting(Profile::name)
                .containsExactly("d", "f", "g");
        end(user);
        for (String name : names) {
            await(rows.delete(USER, name));
        }
    }

    @Test
    void aVersionOpensWithItsKeyAndInItsOwnPlaceOnly() throws Exception {
        SessionId writer = writer("keyed");
        save(store(KEY), writer, "keyed", "one");
        assertThat(refusal(store(OTHER_KEY).load(USER, copy("keyed"))))
                .hasMessageContaining("encrypted with a key that this node does not have")
                .hasMessageContaining("BERTH_PROFILE_KEY");
        EncryptedProfiles changed = store(OTHER_KEY + "," + KEY);
        assertThat(load(changed, copy("keyed"))).isEqualTo("one");
        save(changed, writer, "keyed", "two");
        assertThat(load(store(OTHER_KEY), copy("keyed"))).isEqualTo("two");

        List<String> keys = await(postgres.database.list(
                "select object_key from profile_versions order by version", row -> row.getString(0)));
        await(objects.get(keys.get(0)).compose(first -> objects.put(keys.get(1), first)));
        StoredProfile exchanged = await(changed.load(USER, copy("keyed"))).orElseThrow();
        assertThatThrownBy(() -> read(exchanged))
                .isInstanceOf(IOException.class)
                .hasMessage("version 2 of the profile 'keyed' can't be decrypted: its object was damaged or replaced");

        await(objects.put(keys.get(1), Buffer.buffer(new byte[1 << 20])));
        assertThat(refusal(changed.load(USER, copy("keyed"))))
                .hasMessageContaining("the stored object was replaced")
                .extracting(BerthException::code)
                .isEqualTo(ErrorCode.UPSTREAM);
        assertThat(files()).isEmpty();
        end(writer);
        await(rows.delete(USER, "keyed"));
    }

    @Test
    void aProfileThatIsTooLargeIsNotSaved() throws Exception {
        EncryptedProfiles store = store(new JsonObject().put("profile", new JsonObject().put("max-mib", 1)));
        ProfileDraft draft = store.draft(SessionId.random(), USER, "large");
        try (OutputStream out = draft.open()) {
            out.write(new byte[1 << 20]);
            assertThatThrownBy(() -> out.write(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more than 1 MiB")
                    .hasMessageContaining("profile.max-mib");
        }
        assertThat(files()).hasSize(1);
        // As after a kill.
        await(store.start());
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsWrittenStopsOnceTheDraftIsDiscarded() throws Exception {
        ProfileDraft draft = store(KEY).draft(SessionId.random(), USER, "given-up");
        try (OutputStream out = draft.open()) {
            out.write(1);
            await(draft.discard());
            assertThatThrownBy(() -> out.write(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("discarded while it was being saved");
        }
        assertThatThrownBy(draft::open).hasMessageContaining("discarded while it was being saved");
        assertThat(files()).isEmpty();
    }

    @Test
    void aNodeOfAClusterNeedsAKeyAndAnotherOneMakesItsOwn() throws Exception {
        JsonObject cluster = new JsonObject()
                .put("cluster", new JsonObject().put("host", "127.0.0.1"))
                .put("postgres", new JsonObject().put("uri", "postgresql://a:b@localhost:1/c"))
                .put(
                        "s3",
                        new JsonObject()
                                .put("endpoint", "http://localhost:1")
                                .put("access-key", "a")
                                .put("secret-key", "b"));
        assertThatThrownBy(store(cluster.copy())::requireKey)
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("has no key");
        store(cluster.put("profile", new JsonObject().put("key", KEY))).requireKey();

        EncryptedProfiles alone = store(new JsonObject());
        alone.requireKey();
        SessionId writer = writer("own");
        save(alone, writer, "own", "kept");
        assertThat(Files.getPosixFilePermissions(dataDir.resolve("profile-key")))
                .hasSize(2);
        assertThat(load(store(KEY), copy("own"))).isEqualTo("kept");
        end(writer);
        await(rows.delete(USER, "own"));
    }
}
