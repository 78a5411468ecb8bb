package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String KEY = "0123456789abcdef";
    private static final JsonObject NO_FILE = new JsonObject();

    @Test
    void needsNoSettings() {
        ServerConfig config = ConfigLoader.read(NO_FILE, Map.of());
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.http().publicUrl()).isEmpty();
        assertThat(config.http().maxBodyBytes()).isEqualTo(10 << 20);
        assertThat(config.dataDir()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(config.apiKey()).isEmpty();
        assertThat(config.postgres()).isEqualTo(new PostgresConfig(Optional.empty(), 16));
        assertThat(config.objectStore().endpoint()).isEmpty();
        assertThat(config.objectStore().bucket()).isEqualTo("berth");
        assertThat(config.chrome().path()).isEmpty();
        assertThat(config.chrome().sandbox()).isTrue();
        assertThat(config.sessions().max()).isPositive();
        assertThat(config.sessions().maxReason()).doesNotContain("set");
        assertThat(config.sessions().idleTimeoutMillis()).isEqualTo(600_000);
        assertThat(config.sessions().lifetimeMillis()).isEqualTo(3_600_000);
        assertThat(config.sessions().pricePerHour()).isZero();
        assertThat(config.disk().sessionMib()).isEqualTo(1_024);
        assertThat(config.disk().floorMib()).isBetween(1, 2_048);
    }

    @Test
    void clientsAreToldAnAddressThatCanBeConnectedTo() {
        assertThat(url(Map.of())).isEqualTo("http://127.0.0.1:18080");
        assertThat(url(Map.of("BERTH_HTTP_HOST", "0.0.0.0", "BERTH_API_KEY", KEY)))
                .isEqualTo("http://127.0.0.1:18080");
        assertThat(url(Map.of("BERTH_HTTP_HOST", "::", "BERTH_API_KEY", KEY))).isEqualTo("http://[::1]:18080");
        assertThat(url(Map.of("BERTH_HTTP_HOST", "10.1.2.3", "BERTH_API_KEY", KEY)))
                .isEqualTo("http://10.1.2.3:18080");
        assertThat(url(Map.of("BERTH_PUBLIC_URL", "https://berth.example/"))).isEqualTo("https://berth.example/");
    }

    private static String url(Map<String, String> settings) {
        return ConfigLoader.read(NO_FILE, settings).http().url(18_080);
    }

    private static EgressConfig egress(String... settings) {
        Map<String, String> environment = new HashMap<>(Map.of("BERTH_API_KEY", KEY));
        for (String setting : settings) {
            environment.put(setting.split("=")[0], setting.split("=")[1]);
        }
        return ConfigLoader.read(NO_FILE, environment).egress();
    }

    @Test
    void aBlockListIsAFile() {
        assertThat(egress("BERTH_EGRESS_BLOCK_LIST=/etc/berth/ads").blockList()).hasValue(Path.of("/etc/berth/ads"));
    }

    @Test
    void privateAddressesAreOpenOnlyToWhoIsOnThisMachine() {
        assertThat(egress()).isEqualTo(new EgressConfig(true, true, List.of(), List.of()));
        assertThat(egress("BERTH_HTTP_HOST=0.0.0.0")).isEqualTo(new EgressConfig(false, false, List.of(), List.of()));
        assertThat(egress("BERTH_EGRESS_ALLOW=none")).isEqualTo(new EgressConfig(false, false, List.of(), List.of()));
        assertThat(egress("BERTH_EGRESS_ALLOW=private, 127.0.0.0/8", "BERTH_EGRESS_DENY=10.0.0.0/8,fd00::1"))
                .isEqualTo(new EgressConfig(
                        false,
                        true,
                        List.of(AddressRange.parse("127.0.0.0/8")),
                        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::1/128"))));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, https://berth.example.com, false",
        "127.0.0.1, https://127.0.0.1.example.com, false",
        "127.0.0.1, http://localhost:9000, true",
        "127.0.0.1, 'http://[::1]:9000', true",
        "0.0.0.0, http://localhost:9000, false"
    })
    void behindAProxyForOthersPrivateAddressesAreClosed(String host, String publicUrl, boolean open) {
        assertThat(egress("BERTH_HTTP_HOST=" + host, "BERTH_PUBLIC_URL=" + publicUrl))
                .isEqualTo(new EgressConfig(open, open, List.of(), List.of()));
        assertThat(egress("BERTH_PUBLIC_URL=" + publicUrl, "BERTH_EGRESS_ALLOW=private")
                        .privateRanges())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "BERTH_EGRESS_ALLOW, 10.0.0.1/8, use 10.0.0.0/8",
        "BERTH_EGRESS_ALLOW, 10.0.0.0/33, a prefix from 0 to 32",
        "BERTH_EGRESS_ALLOW, example.com, not an address or a range",
        "BERTH_EGRESS_ALLOW, fe80::1%eth0, not an address or a range",
        "BERTH_EGRESS_ALLOW, 'none,private', no other values beside none",
        "BERTH_EGRESS_DENY, private, not an address or a range"
    })
    void badRangesAreRefused(String variable, String value, String why) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> egress(variable + "=" + value))
                .withMessageContaining(variable)
                .withMessageContaining(why);
    }

    @Test
    void aModelNeedsItsNameAndAKeyOrAnAddress() {
        assertThat(ConfigLoader.read(NO_FILE, Map.of()).ai().model()).isEmpty();
        AiConfig local = ConfigLoader.read(
                        NO_FILE, Map.of("BERTH_AI_MODEL", "qwen3", "BERTH_AI_BASE_URL", "http://localhost:11434/v1"))
                .ai();
        assertThat(local.model()).contains("qwen3");
        assertThat(local.maxCostUsd()).isEqualTo(1);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of("BERTH_AI_API_KEY", KEY)))
                .withMessageContaining("BERTH_AI_MODEL");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of("BERTH_AI_MODEL", "gpt")))
                .withMessageContaining("BERTH_AI_API_KEY");
    }

    @Test
    void aModelsKeyIsNotTold() {
        ServerConfig config = ConfigLoader.read(
                NO_FILE, Map.of("BERTH_AI_MODEL", "m", "BERTH_AI_API_KEY", KEY, "BERTH_AI_PRICE_INPUT", "3"));
        assertThat(config.ai().toString()).doesNotContain(KEY);
        assertThat(config.ai().priceCachedInput()).isEqualTo(3);
    }

    @Test
    void takesSettingsFromTheFile() {
        JsonObject file = new JsonObject()
                .put("data-dir", "/var/lib/berth")
                .put("api-key", KEY)
                .put("http", new JsonObject().put("host", "0.0.0.0").put("port", 9000))
                .put("postgres", new JsonObject().put("uri", "postgresql://u:p@db:5432/berth"))
                .put(
                        "s3",
                        new JsonObject()
                                .put("endpoint", "http://minio:9000")
                                .put("access-key", "a")
                                .put("secret-key", "s"))
                .put("chrome", new JsonObject().put("sandbox", false))
                .put("price-per-hour", 0.5);
        ServerConfig config = ConfigLoader.read(file, Map.of());
        assertThat(config.dataDir()).isEqualTo(Path.of("/var/lib/berth"));
        assertThat(config.apiKey()).contains(KEY);
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().port()).isEqualTo(9000);
        assertThat(config.postgres().uri()).contains(URI.create("postgresql://u:p@db:5432/berth"));
        assertThat(config.objectStore().endpoint()).contains(URI.create("http://minio:9000"));
        assertThat(config.chrome().sandbox()).isFalse();
        assertThat(config.sessions().pricePerHour()).isEqualTo(0.5);
    }

    @Test
    void aListMayBeOneInTheFileToo() {
        JsonObject http = new JsonObject().put("cors-origins", new JsonArray(List.of("https://a.b", "http://c:1")));
        assertThat(ConfigLoader.read(new JsonObject().put("http", http), Map.of())
                        .http()
                        .corsOrigins())
                .containsExactlyInAnyOrder("https://a.b", "http://c:1");
    }

    @Test
    void theEnvironmentOverridesTheFile() {
        JsonObject file =
                new JsonObject().put("http", new JsonObject().put("port", 9000).put("max-body-bytes", 2048));
        ServerConfig config =
                ConfigLoader.read(file, Map.of("BERTH_HTTP_PORT", "9001", "BERTH_HTTP_MAX_BODY_BYTES", "4096"));
        assertThat(config.http().port()).isEqualTo(9001);
        assertThat(config.http().maxBodyBytes()).isEqualTo(4096);
    }

    @Test
    void anEmptyVariableIsTheDefault() {
        assertThat(ConfigLoader.read(NO_FILE, Map.of("BERTH_HTTP_PORT", " "))
                        .http()
                        .port())
                .isEqualTo(8080);
    }

    @Test
    void anUnknownKeyOfTheFileIsNamed() {
        JsonObject file = new JsonObject().put("http", new JsonObject().put("prot", 9000));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(file, Map.of()))
                .withMessageStartingWith("http.prot (BERTH_HTTP_PROT) ");
    }

    @ParameterizedTest
    @CsvSource({
        "http.port, BERTH_HTTP_PORT, http",
        "http.port, BERTH_HTTP_PORT, 65536",
        "http.port, BERTH_HTTP_PORT, -1",
        "http.port, BERTH_HTTP_PORT, 4294975376",
        "http.max-body-bytes, BERTH_HTTP_MAX_BODY_BYTES, 1",
        "http.max-connections, BERTH_HTTP_MAX_CONNECTIONS, 0",
        "public-url, BERTH_PUBLIC_URL, ftp://a.b",
        "http.cors-origins, BERTH_HTTP_CORS_ORIGINS, *",
        "http.cors-origins, BERTH_HTTP_CORS_ORIGINS, https://a.b/",
        "public-url, BERTH_PUBLIC_URL, 'http://a b'",
        "postgres.pool-size, BERTH_POSTGRES_POOL_SIZE, 0",
        "s3.endpoint, BERTH_S3_ENDPOINT, minio:9000",
        "s3.bucket, BERTH_S3_BUCKET, A",
        "s3.presign-seconds, BERTH_S3_PRESIGN_SECONDS, 604801",
        "cdp.port, BERTH_CDP_PORT, 65536",
        "cdp.allow, BERTH_CDP_ALLOW, 10.0.0.1/8",
        "chrome.sandbox, BERTH_CHROME_SANDBOX, yes",
        "chrome.without-policy, BERTH_CHROME_WITHOUT_POLICY, 1",
        "chrome.first-uid, BERTH_CHROME_FIRST_UID, 0",
        "chrome.launch-timeout-millis, BERTH_CHROME_LAUNCH_TIMEOUT_MILLIS, 1",
        "sessions.max, BERTH_SESSIONS_MAX, 0",
        "sessions.idle-timeout-millis, BERTH_SESSIONS_IDLE_TIMEOUT_MILLIS, 1.5",
        "sessions.lifetime-millis, BERTH_SESSIONS_LIFETIME_MILLIS, 86400001",
        "session.disk-mib, BERTH_SESSION_DISK_MIB, 15",
        "session.traffic-mib, BERTH_SESSION_TRAFFIC_MIB, -1",
        "disk.floor-mib, BERTH_DISK_FLOOR_MIB, -1",
        "price-per-hour, BERTH_PRICE_PER_HOUR, NaN",
        "price-per-hour, BERTH_PRICE_PER_HOUR, -1",
        "price-per-hour, BERTH_PRICE_PER_HOUR, free"
    })
    void aBadValueNamesItsKeyAndItsVariable(String key, String variable, String value) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of(variable, value)))
                .withMessageStartingWith(key + " (" + variable + ") ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.2", "berth.example.com", "127.example.com"})
    void aHostThatOthersReachNeedsAKey(String host) {
        Map<String, String> open = Map.of("BERTH_HTTP_HOST", host);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, open))
                .withMessageStartingWith("http.host (BERTH_HTTP_HOST) ")
                .withMessageContaining("api-key");
    }

    @Test
    void aPortForClientsWithoutAKeyNeedsAUserAndForOtherMachinesTheirAddresses() {
        Map<String, String> settings = new HashMap<>(Map.of("BERTH_CDP_PORT", "9222"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, settings))
                .withMessageStartingWith("cdp.user (BERTH_CDP_USER) must be set");
        settings.putAll(Map.of("BERTH_CDP_USER", "robots", "BERTH_CDP_HOST", "0.0.0.0"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, settings))
                .withMessageContaining("cdp.allow");
        settings.put("BERTH_CDP_ALLOW", "10.0.0.0/8,Berth.internal");
        CdpConfig cdp = ConfigLoader.read(NO_FILE, settings).cdp();
        assertThat(cdp.ranges()).containsExactly(AddressRange.parse("10.0.0.0/8"));
        assertThat(cdp.names()).containsExactly("berth.internal");
    }

    @Test
    void aNonLoopbackHostIsAcceptedWithAKey() {
        Map<String, String> keyed = Map.of("BERTH_HTTP_HOST", "0.0.0.0", "BERTH_API_KEY", KEY);
        assertThat(ConfigLoader.read(NO_FILE, keyed).http().host()).isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.0.0.2", "::1"})
    void aLoopbackHostNeedsNoKey(String host) {
        assertThat(ConfigLoader.read(NO_FILE, Map.of("BERTH_HTTP_HOST", host)).apiKey())
                .isEmpty();
    }

    @Test
    void aShortKeyIsRefusedAndNotRepeated() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of("BERTH_API_KEY", "123456789012345")))
                .withMessageStartingWith("api-key (BERTH_API_KEY) ")
                .withMessageNotContaining("123456789012345");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:secret@db/berth",
                "postgresql://u:secret@db",
                "postgresql://u:secret@db/",
                "postgresql:berth",
                "db:5432/berth",
                "postgresql://u:secret word@db/berth"
            })
    void aBadPostgresUriIsRefusedAndItsPasswordNotRepeated(String uri) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of("BERTH_POSTGRES_URI", uri)))
                .withMessageStartingWith("postgres.uri (BERTH_POSTGRES_URI) ")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BERTH_S3_ACCESS_KEY", "BERTH_S3_SECRET_KEY", "BERTH_S3_REGION"})
    void anS3EndpointNeedsBothKeys(String onlyThis) {
        Map<String, String> half = Map.of("BERTH_S3_ENDPOINT", "https://s3.example.com", onlyThis, "x");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, half))
                .withMessageStartingWith("s3.endpoint (BERTH_S3_ENDPOINT) ")
                .withMessageContainingAll("s3.access-key", "s3.secret-key");
    }

    @Test
    void keysOfProfilesAreReadAndNeverShown() {
        String key = "BERTHBERTHBERTHBERTHBERTHBERTHBERTHBERTHAAA=";
        ServerConfig config = ConfigLoader.read(NO_FILE, Map.of("BERTH_PROFILE_KEY", key + ", " + key));
        assertThat(config.profiles().keys()).hasSize(2).allMatch(each -> each.length == 32);
        assertThat(config.toString()).doesNotContain("BERTHBERTH").contains("2 keys");
        for (String odd : List.of("short", key.substring(4), key + ",*")) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of("BERTH_PROFILE_KEY", odd)))
                    .withMessage(
                            "profile.key (BERTH_PROFILE_KEY) must be keys of 32 bytes in base64, separated by commas:"
                                    + " openssl rand -base64 32");
        }
    }

    private static final Map<String, String> SERVERS = Map.of(
            "BERTH_POSTGRES_URI", "postgresql://berth:secret@db:5432/berth",
            "BERTH_S3_ENDPOINT", "http://s3:9000",
            "BERTH_S3_ACCESS_KEY", "ann",
            "BERTH_S3_SECRET_KEY", "secret");

    private static ServerConfig clustered(String... settings) {
        Map<String, String> environment = new HashMap<>(SERVERS);
        for (int i = 0; i < settings.length; i += 2) {
            environment.put("BERTH_CLUSTER_" + settings[i], settings[i + 1]);
        }
        return ConfigLoader.read(NO_FILE, environment);
    }

    @Test
    void aNodeOfAClusterHasAnAddress() {
        assertThat(clustered().cluster().enabled()).isFalse();
        ClusterConfig cluster = clustered("HOST", "10.0.0.1", "SECRET", KEY).cluster();
        assertThat(cluster.enabled()).isTrue();
        assertThat(cluster.port()).isEqualTo(7800);
        assertThat(cluster.busPort()).isEqualTo(7801);
        assertThat(cluster.requestPort()).isEqualTo(7802);
        assertThat(cluster.detectionPort()).isEqualTo(7803);
        assertThat(cluster.toString()).doesNotContain(KEY);
        assertThat(clustered("HOST", "127.0.0.1").cluster().secret()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "HOST 10.0.0.1, BERTH_CLUSTER_SECRET",
        "HOST 10.0.0.1 SECRET short, at least 16",
        "HOST 0.0.0.0 SECRET 0123456789abcdef, one address",
        "HOST 127.0.0.1 PORT 65533, from 1 to 65532",
        "SECRET 0123456789abcdef, BERTH_CLUSTER_HOST"
    })
    void aClusterIsConfiguredWhole(String settings, String told) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> clustered(settings.split(" ")))
                .withMessageContaining(told);
    }

    @Test
    void nodesOfAClusterShareTheirServers() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.read(NO_FILE, Map.of("BERTH_CLUSTER_HOST", "127.0.0.1")))
                .withMessageContaining("BERTH_CLUSTER_HOST")
                .withMessageContaining("postgres.uri and s3.endpoint");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 8192, 12, '6 per processor, on 2'",
        "16, 65536, 96, '6 per processor, on 16'",
        "4, 2048, 13, as many as fit into 2048 MiB of memory",
        "1, 256, 1, as many as fit into 256 MiB of memory"
    })
    void asManySessionsAsFitAreTheDefault(int processors, long memoryMib, int max, String reason) {
        assertThat(SessionsConfig.Places.of(processors, memoryMib)).isEqualTo(new SessionsConfig.Places(max, reason));
    }

    @Test
    void theNumberOfSessionsThatIsSetHolds() {
        SessionsConfig sessions =
                ConfigLoader.read(NO_FILE, Map.of("BERTH_SESSIONS_MAX", "3")).sessions();
        assertThat(sessions.max()).isEqualTo(3);
        assertThat(sessions.maxReason()).isEqualTo("as set in BERTH_SESSIONS_MAX");
    }
}
