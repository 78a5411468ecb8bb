package dev.berth.browser.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to see whether this machine can do something.
 *
 * @param well whether it was there, and ended in time and without failure
 * @param said the output, without the end of the last line
 */
record Trial(boolean well, String said) {
    private static final long MOST_SECONDS = 10;
    private static final Map<String, String> PACKAGES =
            Map.of("nft", "nftables", "perl", "perl-base", "setpriv", "util-linux", "unshare", "util-linux");

    /** Blocks. The program's output must be short. */
    static Trial of(List<String> command, String input) throws InterruptedException {
        return of(new ProcessBuilder(command), input);
    }

    /** The same, in a working directory. */
    static Trial of(List<String> command, Path folder) throws InterruptedException {
        return of(new ProcessBuilder(command).directory(folder.toFile()), "");
    }

    private static String missing(String program) {
        String debians = PACKAGES.get(program);
        return program + " is not installed" + (debians == null ? "" : ": install it (Debian: " + debians + ")");
    }

    private static Trial of(ProcessBuilder builder, String input) throws InterruptedException {
        List<String> command = builder.command();
        Process process;
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Trial(false, missing(command.get(0)));
        }
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.US_ASCII));
            in.close();
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            String said = ended
                    ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip()
                    : command.get(0) + " does not end";
            return new Trial(ended && process.exitValue() == 0, said);
        } catch (IOException e) {
            return new Trial(false, command.get(0) + ": " + e.getMessage());
        } finally {
            process.destroyForcibly();
        }
    }
}
