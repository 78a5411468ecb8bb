package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.LaunchException;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class UserNamespacesTest {
    @TempDir
    private Path proc;

    @BeforeEach
    void aKernelThatForbidsNothing() throws IOException {
        write("sys/user/max_user_namespaces", "95955");
        write("self/status", "Name:\tjava\nSeccomp:\t0\nSeccomp_filters:\t0");
    }

    private void write(String name, String text) throws IOException {
        Path file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    @Test
    void aContainersProfileIsNamedWithTheOneToUse() throws IOException {
        write("self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1");
        assertThat(UserNamespaces.sandboxNeeds(UserNamespaces.forbiddenBy(proc, false)))
                .startsWith(
                        "Chrome's sandbox needs user namespaces, which the seccomp profile of this container forbids")
                .contains("--security-opt seccomp=docker/seccomp.json")
                .contains("BERTH_CHROME_SANDBOX")
                .doesNotContain("\n");
    }

    @Test
    void rootsPostgresNeedsThemOrAnotherUserOrAnotherPostgres() throws IOException {
        write("self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1");
        assertThat(UserNamespaces.rootsPostgresNeeds(UserNamespaces.forbiddenBy(proc, false)))
                .startsWith("the embedded Postgres of a server that is root needs user namespaces")
                .contains("docker/seccomp.json", "another user", "BERTH_POSTGRES_URI")
                .doesNotContain("\n");
    }

    @Test
    void aSettingOfTheKernelIsNamedEvenInAContainer() throws IOException {
        write("self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1");
        write("sys/kernel/unprivileged_userns_clone", "0");
        assertThat(UserNamespaces.forbiddenBy(proc, false)).contains("kernel.unprivileged_userns_clone (sysctl) to 1");
        write("sys/user/max_user_namespaces", "0");
        assertThat(UserNamespaces.forbiddenBy(proc, false)).contains("user.max_user_namespaces");
    }

    /** Its restriction is no error of the call that makes a namespace. */
    @Test
    void appArmorIsNamedWhereNamespacesCanBeMadeAndAreOfNoUse() throws IOException {
        write("self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1");
        write("sys/kernel/apparmor_restrict_unprivileged_userns", "1");
        assertThat(UserNamespaces.forbiddenBy(proc, true)).startsWith("AppArmor forbids");
        assertThat(UserNamespaces.forbiddenBy(proc, false)).startsWith("the seccomp profile");
    }

    @Test
    void whereNothingIsFoundNobodyIsAccused() throws IOException {
        assertThat(UserNamespaces.forbiddenBy(proc, false)).startsWith("this machine, or the container's runtime");
    }

    @Test
    void aChromeWithoutSandboxIsExplainedAndOtherFailuresKeepTheirWords(Vertx vertx, VertxTestContext test) {
        var unsandboxed = new LaunchException("Chrome exited with code 1. It said: No usable sandbox! If this is a …");
        UserNamespaces.explain(vertx, unsandboxed)
                .recover(told -> {
                    test.verify(() -> assertThat(told)
                            .isInstanceOf(StartException.class)
                            .hasCause(unsandboxed)
                            .hasMessageStartingWith("Chrome's sandbox needs user namespaces, which "));
                    return UserNamespaces.explain(vertx, new LaunchException("Chrome exited with code 7"));
                })
                .onComplete(test.failing(told -> test.verify(() -> {
                    assertThat(told).isInstanceOf(StartException.class).hasMessage("Chrome exited with code 7");
                    test.completeNow();
                })));
    }
}
