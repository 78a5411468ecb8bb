package dev.berth.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A video as a decoder sees it.
 *
 * @param keys the times of the frames that players can begin at
 */
public record Decoded(long durationMillis, List<Shown> frames, List<Long> keys) {
    /** Pictures are looked at as squares of so many pixels, so that one of them is the mean of a region. */
    static final int SIDE = 16;

    private static final int CHANNELS = 3;

    /** A frame: when it appears, and its colours, row by row. */
    public record Shown(long millis, byte[] rgb) {
        /** The colour in the middle of the picture: r, g or b for a pure one, k for black. */
        public char middle() {
            return colour(SIDE / 2, SIDE / 2);
        }

        /** How red the middle is, up to 255. */
        public int redInMiddle() {
            return rgb[(SIDE / 2 * SIDE + SIDE / 2) * CHANNELS] & 0xFF;
        }

        /** That of a square, counted from the left and from the top. */
        public char colour(int x, int y) {
            int at = (y * SIDE + x) * CHANNELS;
            int red = rgb[at] & 0xFF;
            int green = rgb[at + 1] & 0xFF;
            int blue = rgb[at + 2] & 0xFF;
            int most = Math.max(red, Math.max(green, blue));
            return most < 60 ? 'k' : most == red ? 'r' : most == green ? 'g' : 'b';
        }
    }

    /** @param tools the folder of ffmpeg, to which ffprobe is added */
    public static Decoded of(Path tools, Path video) throws Exception {
        List<Long> times = new ArrayList<>();
        List<Long> keys = new ArrayList<>();
        for (String line : probe(tools, video, "-select_streams", "v", "-show_entries", "frame=key_frame,pts_time")) {
            long millis = millis(line.split(",")[2]);
            times.add(millis);
            if (line.split(",")[1].equals("1")) {
                keys.add(millis);
            }
        }
        String duration =
                probe(tools, video, "-show_entries", "format=duration").get(0);
        return new Decoded(millis(duration.split(",")[1]), shown(pixels(tools, video), times), keys);
    }

    private static long millis(String seconds) {
        return Math.round(Double.parseDouble(seconds) * 1_000);
    }

    private static List<Shown> shown(byte[] pixels, List<Long> times) {
        int each = SIDE * SIDE * CHANNELS;
        List<Shown> frames = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            byte[] rgb = new byte[each];
            System.arraycopy(pixels, i * each, rgb, 0, each);
            frames.add(new Shown(times.get(i), rgb));
        }
        return frames;
    }

    private static List<String> probe(Path tools, Path video, String... what) throws Exception {
        Path ffprobe = tools.resolve("ffprobe");
        if (!Files.exists(ffprobe)) {
            Files.copy(
                    Decoded.class.getResourceAsStream("/org/bytedeco/ffmpeg/linux-x86_64/ffprobe"),
                    ffprobe,
                    StandardCopyOption.REPLACE_EXISTING);
            ffprobe.toFile().setExecutable(true);
        }
        List<String> command = new ArrayList<>(List.of("./ffprobe", "-v", "error", "-of", "csv"));
        command.addAll(List.of(what));
        command.add(video.toString());
        return new String(run(tools, command), StandardCharsets.UTF_8).lines().toList();
    }

    private static byte[] pixels(Path tools, Path video) throws Exception {
        return run(
                tools,
                Stream.of(
                                "./ffmpeg -v error -i VIDEO -fps_mode passthrough -vf scale=16:16:flags=area -f rawvideo -pix_fmt rgb24 -"
                                        .split(" "))
                        .map(word -> word.equals("VIDEO") ? video.toString() : word)
                        .toList());
    }

    private static byte[] run(Path tools, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(tools.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LD_LIBRARY_PATH", ".");
        Process process = builder.start();
        byte[] out = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("not decoded: " + command);
        }
        return out;
    }
}
