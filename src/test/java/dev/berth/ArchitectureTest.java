package dev.berth;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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

    /** What each package may import of ours. */
    private static final Map<String, List<String>> TABLE = Map.of(
            "protocol", List.of(),
            "config", List.of(),
            "clock", List.of(),
            "pipe", List.of(),
            "browser", List.of("protocol", "config", "clock", "pipe"),
            "artifact", List.of("protocol", "config"),
            "history", List.of("protocol", "config"),
            "session", List.of("protocol", "config", "clock", "browser", "artifact", "history"),
            "http", List.of("protocol", "config", "clock", "history", "artifact", "pipe"),
            "embedded", List.of("config"));

    @ParameterizedTest(name = "{0} imports only {1} of ours")
    @MethodSource("table")
    void aPackageImportsOfOursOnlyWhatTheTableAllows(String name, List<String> imports) {
        String[] allowed = Stream.concat(Stream.of(name), imports.stream())
                .map(ArchitectureTest::packageOf)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packageOf(name))
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
    void everyPackageStandsInTheTable() {
        Set<String> packages = MAIN.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("dev.berth"))
                .map(name -> name.substring("dev.berth.".length()))
                .collect(Collectors.toSet());
        assertThat(packages).isEqualTo(TABLE.keySet());
    }

    @ParameterizedTest(name = "only {0} imports {1}")
    @CsvSource({
        "browser, io.webfolder..",
        "artifact, io.minio..",
        "history, io.vertx.sqlclient..",
        "history, io.vertx.pgclient..",
        "http, io.vertx.ext.web.."
    })
    void aLibraryHasOneImporter(String importer, String library) {
        classes()
                .that(resideOutsideOfPackages(packageOf(importer)))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages(library))
                .check(MAIN);
        assertThat(MAIN.that(resideInAPackage(packageOf(importer))).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass())
                        .anyMatch(resideInAnyPackage(library)))
                .as("%s imports %s", importer, library)
                .isTrue();
    }

    @Test
    void theSessionMachineAndItsValuesKnowNoVertx() {
        classes()
                .that()
                .haveNameMatching("dev\\.berth\\.session\\.Session(Machine|State|Input|Effect).*")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages("io.vertx.."))
                .check(MAIN);
    }

    @Test
    void noPackageIsADrawerForEverything() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..impl..", "..manager..", "..helper..")
                .check(MAIN);
    }

    /** In a container with other mounts than it is told of, that fails: "Mount point not found". */
    @Test
    void nobodyAsksForTheMountOfAFile() {
        noClasses().should().callMethod(Files.class, "getFileStore", Path.class).check(MAIN);
    }

    private static String packageOf(String name) {
        return "dev.berth." + name + "..";
    }
}
