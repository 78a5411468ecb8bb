package dev.berth.recording;

import java.nio.file.Path;

/**
 * An ffmpeg executable.
 *
 * @param program how it is called from {@code folder}
 * @param folder the working directory. Relative calls work as any user, even if that user could not open the path
 * @param librariesHere whether its libraries lie in the folder
 */
record Ffmpeg(String program, Path folder, boolean librariesHere) {
    /** The ffmpeg that the system has installed. */
    static Ffmpeg at(Path executable) {
        return new Ffmpeg(executable.toAbsolutePath().toString(), Path.of("/"), false);
    }

    /** An ffmpeg that lies in a folder with its libraries. */
    static Ffmpeg in(Path folder) {
        return new Ffmpeg("./ffmpeg", folder, true);
    }
}
