package dev.berth;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.berth.protocol.Publishing;
import io.vertx.core.eventbus.EventBus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The import table of the architecture. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.berth");

    /** What may put the others together: {@code dev.berth} itself, and the node, which knows nothing of it. */
    private static final List<String> DOORS = List.of(
            "protocol",
            "config",
            "loop",
            "cluster",
            "browser",
            "browser.cdp",
            "browser.launch",
            "artifact",
            "database",
            "access",
            "history",
            "history.task",
            "history.node",
            "history.profile",
            "history.webhook",
            "logs",
            "history.outbox",
            "history.retention",
            "retention",
            "extension",
            "history.extension",
            "profile",
            "egress",
            "webhook",
            "metrics",
            "recording",
            "session",
            "session.record",
            "story",
            "cdpclient",
            "cdpclient.command",
            "live",
            "http",
            "http.admin",
            "http.forward",
            "http.pages",
            "http.routes",
            "agent",
            "mcp",
            "webdriver",
            "agent.model",
            "embedded");

    /** The packages of Berth that each package may import; an entry does not cover the packages below it. */
    private static final Map<String, List<String>> TABLE = Map.ofEntries(
            Map.entry("protocol", List.of()),
            Map.entry("config", List.of("protocol")),
            Map.entry("loop", List.of()),
            Map.entry("egress", List.of("protocol", "config", "limits", "loop")),
            Map.entry("cluster", List.of("database", "protocol", "config", "loop", "history", "history.node")),
            Map.entry("limits", List.of("protocol", "loop")),
            Map.entry("metrics", List.of("protocol", "verbs")),
            Map.entry("pipe", List.of()),
            Map.entry("secrets", List.of("protocol")),
            Map.entry("har", List.of("protocol")),
            Map.entry("report", List.of("protocol", "verbs")),
            Map.entry("script", List.of("protocol")),
            Map.entry("browser", List.of("protocol")),
            Map.entry("browser.process", List.of("protocol", "loop", "pipe", "browser")),
            Map.entry("browser.cdp", List.of("protocol", "loop", "limits", "pipe", "browser")),
            Map.entry("browser.watch.console", List.of("protocol", "browser", "browser.cdp")),
            Map.entry(
                    "browser.watch.network",
                    List.of("protocol", "limits", "browser", "browser.cdp", "browser.watch.console")),
            Map.entry(
                    "browser.watch.target",
                    List.of(
                            "protocol",
                            "loop",
                            "browser",
                            "browser.cdp",
                            "browser.watch.console",
                            "browser.watch.network")),
            Map.entry(
                    "browser.watch.page",
                    List.of(
                            "protocol",
                            "limits",
                            "browser",
                            "browser.cdp",
                            "browser.watch.console",
                            "browser.watch.target")),
            Map.entry(
                    "browser.storage",
                    List.of("protocol", "loop", "limits", "browser", "browser.cdp", "browser.watch.page")),
            Map.entry(
                    "browser.watch",
                    List.of(
                            "protocol",
                            "loop",
                            "browser",
                            "browser.cdp",
                            "browser.process",
                            "browser.storage",
                            "browser.watch.target",
                            "browser.watch.page",
                            "browser.watch.network",
                            "browser.watch.console")),
            Map.entry(
                    "browser.drive.command",
                    List.of("protocol", "limits", "browser", "browser.cdp", "browser.watch.page")),
            Map.entry(
                    "browser.screen",
                    List.of(
                            "protocol",
                            "limits",
                            "loop",
                            "browser",
                            "browser.cdp",
                            "browser.watch",
                            "browser.watch.page",
                            "browser.process")),
            Map.entry(
                    "browser.drive.element",
                    List.of(
                            "protocol",
                            "limits",
                            "browser",
                            "browser.cdp",
                            "browser.watch.page",
                            "browser.process",
                            "browser.drive.command")),
            Map.entry(
                    "browser.drive",
                    List.of(
                            "protocol",
                            "limits",
                            "browser",
                            "browser.cdp",
                            "browser.watch.page",
                            "browser.watch.console",
                            "browser.process",
                            "browser.drive.command",
                            "browser.drive.element",
                            "browser.drive.snapshot")),
            Map.entry(
                    "browser.drive.snapshot",
                    List.of(
                            "protocol",
                            "loop",
                            "limits",
                            "browser",
                            "browser.cdp",
                            "browser.watch.page",
                            "browser.drive.element")),
            Map.entry(
                    "browser.launch",
                    List.of(
                            "protocol",
                            "config",
                            "limits",
                            "loop",
                            "pipe",
                            "browser",
                            "browser.process",
                            "browser.cdp",
                            "browser.watch",
                            "browser.watch.page",
                            "browser.screen",
                            "browser.drive",
                            "browser.drive.command",
                            "browser.storage",
                            "egress")),
            Map.entry("artifact", List.of("protocol", "config", "loop", "metrics")),
            Map.entry("database", List.of("protocol", "limits", "metrics")),
            Map.entry("access", List.of("protocol", "limits", "database")),
            Map.entry("history", List.of("protocol", "loop", "limits", "database", "access")),
            Map.entry("history.outbox", List.of("history.task", "protocol", "loop", "database", "history")),
            Map.entry("history.task", List.of("protocol", "limits", "database", "access", "history")),
            Map.entry("history.retention", List.of("protocol", "database", "history")),
            Map.entry(
                    "logs",
                    List.of("protocol", "loop", "limits", "metrics", "browser", "artifact", "history", "secrets")),
            Map.entry(
                    "retention",
                    List.of("protocol", "config", "metrics", "artifact", "database", "history", "history.retention")),
            Map.entry("profile", List.of("protocol", "config", "limits", "browser", "artifact", "history.profile")),
            Map.entry("history.profile", List.of("database", "history", "protocol")),
            Map.entry("extension", List.of("protocol", "limits", "browser", "artifact", "history.extension")),
            Map.entry("history.extension", List.of("database")),
            Map.entry("recording", List.of("protocol", "config", "loop")),
            Map.entry("session.machine", List.of("protocol")),
            Map.entry(
                    "session.keep",
                    List.of(
                            "protocol",
                            "loop",
                            "limits",
                            "secrets",
                            "session.machine",
                            "browser",
                            "artifact",
                            "history")),
            Map.entry(
                    "session.record",
                    List.of(
                            "protocol",
                            "loop",
                            "limits",
                            "session.keep",
                            "browser",
                            "recording",
                            "artifact",
                            "history")),
            Map.entry(
                    "session.act",
                    List.of("protocol", "loop", "limits", "verbs", "session.keep", "session.record", "browser")),
            Map.entry(
                    "session",
                    List.of(
                            "extension",
                            "protocol",
                            "config",
                            "loop",
                            "metrics",
                            "secrets",
                            "session.machine",
                            "session.keep",
                            "session.act",
                            "session.record",
                            "browser",
                            "profile",
                            "recording",
                            "artifact",
                            "history",
                            "logs")),
            Map.entry("verbs", List.of("protocol")),
            Map.entry("sdk", List.of()),
            Map.entry("websocket", List.of("protocol")),
            Map.entry("cdpclient.command", List.of("protocol", "browser.cdp")),
            Map.entry(
                    "cdpclient",
                    List.of(
                            "protocol",
                            "loop",
                            "limits",
                            "metrics",
                            "websocket",
                            "browser",
                            "browser.cdp",
                            "cdpclient.command")),
            Map.entry("live", List.of("protocol", "loop", "limits", "metrics", "websocket", "browser", "verbs")),
            Map.entry("http.request", List.of("protocol", "loop", "config", "limits", "artifact", "history", "access")),
            Map.entry(
                    "http.routes",
                    List.of(
                            "history.task",
                            "history.retention",
                            "protocol",
                            "limits",
                            "verbs",
                            "http.request",
                            "artifact",
                            "logs",
                            "history",
                            "access",
                            "history.profile",
                            "extension",
                            "history.extension",
                            "history.webhook",
                            "retention")),
            Map.entry("http.oneshot", List.of("protocol", "loop", "verbs", "http.request", "http.routes", "artifact")),
            Map.entry(
                    "http.browserbase",
                    List.of(
                            "protocol",
                            "config",
                            "access",
                            "history",
                            "history.profile",
                            "logs",
                            "http.request",
                            "http.routes",
                            "http.export")),
            Map.entry("http.browserless", List.of("protocol", "history", "http.request", "http.oneshot")),
            Map.entry(
                    "http.webdriver",
                    List.of("protocol", "limits", "http.request", "http.routes", "webdriver", "access", "artifact")),
            Map.entry("webdriver", List.of("protocol", "metrics", "websocket", "browser", "cdpclient")),
            Map.entry("http.pages", List.of("protocol", "loop", "http.request")),
            Map.entry("http.docs", List.of("protocol", "http.pages", "http.request")),
            Map.entry(
                    "http.export",
                    List.of(
                            "har",
                            "history.task",
                            "protocol",
                            "limits",
                            "verbs",
                            "report",
                            "script",
                            "http.request",
                            "http.routes",
                            "artifact",
                            "logs",
                            "history")),
            Map.entry("http.forward", List.of("access", "protocol", "http.request", "history", "websocket")),
            Map.entry("story", List.of("protocol", "loop", "history", "logs")),
            Map.entry(
                    "http.sockets",
                    List.of(
                            "history.task",
                            "protocol",
                            "config",
                            "limits",
                            "loop",
                            "verbs",
                            "story",
                            "websocket",
                            "cdpclient",
                            "webdriver",
                            "live",
                            "http.request",
                            "http.browserless",
                            "artifact",
                            "logs",
                            "history",
                            "access")),
            Map.entry(
                    "http",
                    List.of(
                            "history.task",
                            "database",
                            "extension",
                            "protocol",
                            "loop",
                            "verbs",
                            "story",
                            "config",
                            "limits",
                            "metrics",
                            "cdpclient",
                            "live",
                            "http.request",
                            "http.pages",
                            "http.docs",
                            "http.routes",
                            "http.oneshot",
                            "http.browserbase",
                            "http.browserless",
                            "http.webdriver",
                            "webdriver",
                            "http.export",
                            "http.sockets",
                            "http.forward",
                            "artifact",
                            "logs",
                            "history",
                            "access",
                            "history.profile",
                            "history.webhook",
                            "retention",
                            "http.admin")),
            Map.entry("agent.model", List.of("protocol", "loop", "config")),
            Map.entry("agent.machine", List.of("protocol", "agent.model")),
            Map.entry(
                    "agent",
                    List.of(
                            "history.task",
                            "protocol",
                            "loop",
                            "limits",
                            "metrics",
                            "verbs",
                            "secrets",
                            "agent.machine",
                            "agent.model")),
            Map.entry("webhook", List.of("protocol", "loop", "egress", "history.webhook")),
            Map.entry("mcp", List.of("protocol", "loop", "limits", "verbs", "artifact", "logs")),
            Map.entry("embedded", List.of("config")),
            Map.entry("history.node", List.of("history.task", "database", "history", "protocol")),
            Map.entry("history.webhook", List.of("history.task", "database", "history", "protocol")),
            Map.entry(
                    "http.admin",
                    List.of(
                            "retention",
                            "config",
                            "history",
                            "access",
                            "history.node",
                            "http.request",
                            "limits",
                            "protocol")),
            Map.entry("node", DOORS));

    @ParameterizedTest(name = "{0} imports only {1} of ours")
    @MethodSource("table")
    void aPackageImportsOfOursOnlyWhatTheTableAllows(String name, List<String> imports) {
        String[] allowed = Stream.concat(Stream.of(name), imports.stream())
                .map(ArchitectureTest::exactly)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(exactly(name))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.berth..").and(resideOutsideOfPackages(allowed)))
                .check(MAIN);
    }

    private static Stream<Arguments> table() {
        return TABLE.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(row -> Arguments.of(row.getKey(), row.getValue()));
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> packages = MAIN.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("dev.berth"))
                .map(name -> name.substring("dev.berth.".length()))
                .collect(Collectors.toSet());
        assertThat(packages).isEqualTo(TABLE.keySet());
    }

    @ParameterizedTest(name = "only {0} imports {1}")
    @CsvSource({
        "browser.drive, io.webfolder..",
        "artifact, io.minio..",
        "database|access|history, io.vertx.sqlclient..",
        "database, io.vertx.pgclient..",
        "mcp, io.modelcontextprotocol..",
        "mcp, reactor..",
        "http, io.vertx.ext.web..",
        "metrics, io.micrometer..",
        "'', ch.qos.logback..",
        "cluster, org.bouncycastle..",
        "profile, com.google.crypto.tink..",
        "cluster, org.jgroups.."
    })
    void aLibraryHasFewImporters(String rooms, String library) {
        String[] importers = Stream.of(rooms.split("\\|"))
                .map(ArchitectureTest::withItsRooms)
                .toArray(String[]::new);
        classes()
                .that(resideOutsideOfPackages(importers))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages(library))
                .check(MAIN);
        for (String importer : importers) {
            assertThat(MAIN.that(resideInAPackage(importer)).stream()
                            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                            .map(dependency -> dependency.getTargetClass())
                            .anyMatch(resideInAnyPackage(library)))
                    .as("%s imports %s", importer, library)
                    .isTrue();
        }
    }

    @Test
    void theSessionMachineAndItsValuesKnowNoVertx() {
        classes()
                .that()
                .resideInAPackage(exactly("session.machine"))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages("io.vertx.."))
                .check(MAIN);
    }

    @Test
    void theCompositionRootUsesOnlyTheDoors() {
        String[] doors = Stream.concat(Stream.of("node"), DOORS.stream())
                .map(ArchitectureTest::exactly)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.berth")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.berth.*..").and(resideOutsideOfPackages(doors)))
                .check(MAIN);
    }

    /** One name, one meaning: a reader of an import knows the class. */
    @Test
    void noTwoClassesShareAName() {
        assertThat(MAIN.stream()
                        .filter(type ->
                                !type.isNestedClass() && !type.getSimpleName().equals("package-info"))
                        .map(JavaClass::getSimpleName))
                .doesNotHaveDuplicates();
    }

    @Test
    void noPackageHasACatchAllName() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..impl..", "..manager..", "..helper..")
                .check(MAIN);
    }

    /** What the bus throws there is no fault of who publishes. */
    @Test
    void allPublishThroughOneDoor() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Publishing.class)
                .should()
                .callMethodWhere(describe(
                        "the bus's publish",
                        (JavaMethodCall call) -> call.getTargetOwner().isAssignableTo(EventBus.class)
                                && call.getTarget().getName().equals("publish")))
                .check(MAIN);
    }

    /**
     * Looking up the FileStore of a path fails in a container whose mounts are not all listed: "Mount point not found".
     */
    @Test
    void noCodeLooksUpAFileStore() {
        noClasses().should().callMethod(Files.class, "getFileStore", Path.class).check(MAIN);
    }

    private static String exactly(String name) {
        return "dev.berth." + name;
    }

    private static String withItsRooms(String name) {
        return name.isEmpty() ? "dev.berth" : exactly(name) + "..";
    }
}
