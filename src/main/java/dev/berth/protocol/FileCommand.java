package dev.berth.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A command about the files that a client gives to a session by name. Their bytes do not travel on the bus: whoever has them writes them
 * to the path that {@link BeginFile} gives, which is on the session's node.
 *
 * @param <R> its reply
 */
public sealed interface FileCommand<R extends SessionReply> extends SessionCommand<R> {

    /**
     * Makes a place for the bytes of a file, until {@link EndFile}. Fails with {@link ErrorCode#CONFLICT} where another request writes this
     * file, or other bytes are there than {@code offset} says, and with {@link ErrorCode#PAYLOAD_TOO_LARGE} where they do not fit on the
     * session's disk.
     *
     * @param name of the file, in any folder
     * @param offset where the bytes go; 0 begins anew
     * @param total size of the whole file; empty where it is not known
     */
    record BeginFile(String name, long offset, Optional<Long> total) implements FileCommand<SessionReply.FilePlace> {
        public BeginFile {
            requireFileName(name);
            Require.within("offset", offset, 0, MAX_BYTES);
            Require.present("total", total).ifPresent(bytes -> Require.within("total", bytes, 0, MAX_BYTES));
        }

        /** The disk is measured. */
        @Override
        public long deadlineMillis() {
            return 30_000;
        }
    }

    /**
     * The writer of a file has stopped. The file is complete where all its bytes are there, and what is there is kept for a later
     * {@link BeginFile} where its size is known.
     *
     * @param whole whether its bytes came to their end, which tells the size of a file where {@link BeginFile} did not
     * @param beside whether an earlier file of this name stays on the browser's disk, as a page may still have to send it
     */
    record EndFile(String name, boolean whole, boolean beside) implements FileCommand<SessionReply.NamedFile> {
        public EndFile {
            requireFileName(name);
        }

        /** In the place of an earlier file of this name. */
        public EndFile(String name, boolean whole) {
            this(name, whole, false);
        }

        /** The file is copied to the spool, and its upload is awaited for a while. */
        @Override
        public long deadlineMillis() {
            return 300_000;
        }
    }

    /** A file is still being written, which counts as a use of the session. */
    record TouchFile(String name) implements FileCommand<SessionReply.Acknowledged> {
        public TouchFile {
            requireFileName(name);
        }
    }

    /** Removes every file with this name, given or downloaded. Fails with {@link ErrorCode#NOT_FOUND} where there is none. */
    record RemoveFile(String name) implements FileCommand<SessionReply.Acknowledged> {
        public RemoveFile {
            requireFileName(name);
        }
    }

    /** Removes all files that the session has downloaded. */
    record RemoveDownloads() implements FileCommand<SessionReply.Acknowledged> {}

    /** Reads the list of the files that are on the session's disk. */
    record ReadFiles() implements FileCommand<SessionReply.NamedFiles> {}

    /** Limit for a file's size, larger than any disk. */
    long MAX_BYTES = 1L << 50;

    /** The most characters that a name may have before it is read; what it may have then, {@link FileName} says. */
    int MAX_NAME_CHARS = 1_000;

    private static void requireFileName(String name) {
        Require.text("name", name, 1, MAX_NAME_CHARS);
        String right = FileName.of(name);
        if (!right.equals(name)) {
            throw BerthException.invalid("name must be a file name without folders, such as '" + right + "'");
        }
    }

    /**
     * A file that a client gave with its bytes, on its way to the object store: the bus carries no bulk data.
     *
     * @param name valid as a file name in any folder
     */
    record GivenFile(String name, Buffer content) {}

    /** File names that come from outside: from a page, a client or a model. */
    public final class FileName {
        /** File systems allow 255. The rest is for the suffix that Chrome appends while it writes. */
        private static final int MAX_BYTES = 200;

        private static final int MAX_EXTENSION_BYTES = 20;

        private FileName() {}

        /**
         * A name that is valid in any folder: the part after the last {@code /} or <code>\</code>, at most 200 bytes of UTF-8
         * including its extension, with {@code _} for control, format and line-separator characters and lone surrogates.
         */
        public static String of(String given) {
            String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
            String clean = strip(last.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "_"));
            String brief = bytes(clean) <= MAX_BYTES ? clean : shorten(clean);
            return brief.chars().allMatch(c -> c == '.') ? "file" : brief;
        }

        /**
         * A name that is not taken yet, and is from now on: with a number, as browsers number downloads. {@code A} and {@code a} count as
         * one, as some systems would write one over the other.
         *
         * @param taken names in lower case
         */
        public static String unused(String name, Set<String> taken) {
            int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
            String free = name;
            for (int i = 1; !taken.add(free.toLowerCase(Locale.ROOT)); i++) {
                free = name.substring(0, dot) + " (" + i + ")" + name.substring(dot);
            }
            return free;
        }

        private static String shorten(String name) {
            int dot = name.lastIndexOf('.');
            String extension = dot > 0 && bytes(name.substring(dot)) <= MAX_EXTENSION_BYTES ? name.substring(dot) : "";
            String stem = name.substring(0, name.length() - extension.length());
            return strip(Truncation.cutBytes(stem, MAX_BYTES - bytes(extension))) + extension;
        }

        private static int bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }

        /** {@link String#strip} keeps non-breaking spaces. */
        private static String strip(String text) {
            int start = 0;
            int end = text.length();
            while (start < end && isBlank(text.charAt(start))) {
                start++;
            }
            while (start < end && isBlank(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(start, end);
        }

        private static boolean isBlank(char c) {
            return Character.isWhitespace(c) || Character.isSpaceChar(c);
        }
    }
}
