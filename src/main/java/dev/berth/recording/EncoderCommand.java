package dev.berth.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Builds the command lines of ffmpeg. Its pictures come from a browser that runs hostile pages, so it is confined: no files
 * but the ones that are opened for it, no decoder or format but the expected ones, limited memory and size, no privileges.
 */
final class EncoderCommand {
    private static final int NICENESS = 10;
    /** An encoder of 1280 x 720 needs 230 MiB, most of it shared libraries and stacks. */
    private static final long MAX_MEMORY_KIB = 2 << 20;

    private static final int MAX_OPEN_FILES = 64;
    private static final int LIMIT_BLOCK_BYTES = 512;
    private static final int MAX_PIXELS = 1 << 25;
    private static final int KEY_FRAME_SECONDS = 5;

    /** Content of at most a second is lost where the encoder is killed. */
    private static final List<String> WRITTEN_OFTEN = List.of("-flush_packets", "1", "-cluster_time_limit", "1000");

    private static final List<String> OUTPUT = List.of("-f", "webm", "-fd", "1", "fd:");

    private EncoderCommand() {}

    /** The confinement. The last argument of the result is followed by ffmpeg's own. */
    static List<String> confined(Ffmpeg ffmpeg, boolean setpriv, OptionalInt uid, long maxFileBytes) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", limits(maxFileBytes)));
        // setsid: a Ctrl-C in the server's terminal reaches the server only, which lets its encoders finish.
        command.addAll(List.of("setsid", "nice", "-n", String.valueOf(NICENESS)));
        if (setpriv) {
            command.add("setpriv");
            uid.ifPresent(id -> command.addAll(List.of("--reuid=" + id, "--regid=" + id, "--clear-groups")));
            command.add("--no-new-privs");
        }
        command.add(ffmpeg.program());
        return command;
    }

    /** The limits of the encoder's process. Where the system's own limits are lower, these can't be set, and need not be. */
    private static String limits(long maxFileBytes) {
        return "umask 077; ulimit -c 0; ulimit -n " + MAX_OPEN_FILES + "; ulimit -v " + MAX_MEMORY_KIB + "; ulimit -f "
                + maxFileBytes / LIMIT_BLOCK_BYTES + "; exec \"$0\" \"$@\"";
    }

    /** Reads frames from its input, and writes a video to its output, which is a file. */
    static List<String> encode(VideoSize size) {
        List<String> arguments = new ArrayList<>(quiet());
        arguments.addAll(List.of("-max_pixels", String.valueOf(MAX_PIXELS)));
        // The decoder does not look ahead: the format is known, and frames that were read are lost with the process.
        arguments.addAll(List.of("-probesize", "32", "-analyzeduration", "0"));
        arguments.addAll(List.of("-f", "matroska", "-codec_whitelist", "mjpeg", "-c:v", "mjpeg", "-threads", "1"));
        arguments.addAll(List.of("-i", "pipe:0", "-map", "0:v:0", "-filter_threads", "1", "-vf", fitted(size)));
        arguments.addAll(vp9());
        // The frames' own times, whatever time is between them.
        arguments.addAll(List.of("-fps_mode", "passthrough", "-enc_time_base", "1:1000"));
        arguments.addAll(WRITTEN_OFTEN);
        arguments.addAll(OUTPUT);
        return arguments;
    }

    /** Rewrites the video at its input to its output, which are files, with a duration and what players seek by. */
    static List<String> remux() {
        List<String> arguments = new ArrayList<>(quiet());
        arguments.addAll(List.of("-f", "matroska", "-codec_whitelist", "vp9,libvpx-vp9"));
        arguments.addAll(List.of("-fd", "0", "-i", "fd:", "-map", "0:v:0", "-c", "copy"));
        arguments.addAll(OUTPUT);
        return arguments;
    }

    private static List<String> quiet() {
        return List.of("-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "pipe,fd");
    }

    private static String fitted(VideoSize size) {
        return String.format(
                Locale.ROOT,
                "scale=%1$d:%2$d:force_original_aspect_ratio=decrease,pad=%1$d:%2$d:-1:-1",
                size.width(),
                size.height());
    }

    /** Options of VP9: one thread, and the same quality at any time. A still page then costs nothing, and one that moves looks no worse. */
    private static List<String> vp9() {
        List<String> arguments = new ArrayList<>(List.of("-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p"));
        arguments.addAll(List.of("-deadline", "realtime", "-cpu-used", "8", "-row-mt", "0", "-threads", "1"));
        arguments.addAll(List.of("-lag-in-frames", "0", "-crf", "36", "-b:v", "0"));
        // Key frames are forced by time, as frames are counted only while a page moves: the first frame after a pause
        // is one. A cut is one too, known by its odd millisecond (VideoRecorder): otherwise the page before shows
        // through while the new page is still.
        arguments.addAll(List.of("-g", "100000", "-force_key_frames"));
        arguments.add(
                "expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+" + KEY_FRAME_SECONDS + ")+mod(round(t*1000),2))");
        return arguments;
    }
}
