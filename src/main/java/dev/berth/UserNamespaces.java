package dev.berth;

import dev.berth.browser.LaunchException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Namespaces that Linux lets any user make: Chrome's sandbox consists of them, and the embedded Postgres of a server that is root
 * runs in one. Kernels and containers may forbid them.
 */
final class UserNamespaces {
    /** What Chrome says without them, whoever forbids them. */
    private static final String NO_SANDBOX = "No usable sandbox";

    private static final String NONE = "0";
    private static final String SECCOMP_FILTERED = "Seccomp:\t2";

    private UserNamespaces() {}

    /** Fails with one line that says why Chrome did not come up, and what to do. */
    static <T> Future<T> explain(Vertx vertx, Throwable e) {
        boolean unsandboxed = e instanceof LaunchException && e.getMessage().contains(NO_SANDBOX);
        return unsandboxed
                ? vertx.executeBlocking(() -> forbiddenBy(Path.of("/proc"), canBeMade()), false)
                        .compose(reason -> StartException.fail(sandboxNeeds(reason), e))
                : StartException.fail(e.getMessage(), e);
    }

    /** @param reason as of {@link #forbiddenBy} */
    static String sandboxNeeds(String reason) {
        return "Chrome's sandbox needs user namespaces, which " + reason
                + ". Or, if all pages are to be trusted, do without a sandbox: chrome.sandbox (BERTH_CHROME_SANDBOX) false";
    }

    /** @param reason as of {@link #forbiddenBy} */
    static String rootsPostgresNeeds(String reason) {
        return "the embedded Postgres of a server that is root needs user namespaces, which " + reason
                + ". Or start Berth as another user, or set postgres.uri (BERTH_POSTGRES_URI)";
    }

    /** Who forbids them, as of {@link #forbiddenBy}; empty where they can be made. */
    static Future<Optional<String>> missing(Vertx vertx) {
        return vertx.executeBlocking(
                () -> canBeMade() ? Optional.empty() : Optional.of(forbiddenBy(Path.of("/proc"), false)), false);
    }

    private static boolean canBeMade() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "--user", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no unshare, without which Postgres gets none either
        }
    }

    /**
     * Ends a sentence: who forbids them, and what to do. Blocks.
     *
     * @param proc the folder /proc
     * @param canBeMade whether they can be made at all. AppArmor lets them be made, but be of no use
     */
    static String forbiddenBy(Path proc, boolean canBeMade) throws IOException {
        if (setting(proc, "user/max_user_namespaces").equals(NONE)) {
            return "the kernel forbids: set user.max_user_namespaces (sysctl) to 10000";
        } else if (setting(proc, "kernel/unprivileged_userns_clone").equals(NONE)) {
            return "the kernel forbids: set kernel.unprivileged_userns_clone (sysctl) to 1";
        } else if (canBeMade
                && setting(proc, "kernel/apparmor_restrict_unprivileged_userns").equals("1")) {
            return "AppArmor forbids: set kernel.apparmor_restrict_unprivileged_userns (sysctl) to 0";
        } else if (!canBeMade && Files.readString(proc.resolve("self/status")).contains(SECCOMP_FILTERED)) {
            return "the seccomp profile of this container forbids: start it with --security-opt"
                    + " seccomp=docker/seccomp.json, which allows them";
        }
        return "this machine, or the container's runtime, forbids: allow them";
    }

    /** Empty where this kernel has no such setting. */
    private static String setting(Path proc, String name) throws IOException {
        Path file = proc.resolve("sys").resolve(name);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
