package dev.berth.protocol;

import java.util.Optional;

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
     */
    record EndFile(String name, boolean whole) implements FileCommand<SessionReply.NamedFile> {
        public EndFile {
            requireFileName(name);
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

    /** Reads the list of the files that are on the session's disk. */
    record ReadFiles() implements FileCommand<SessionReply.NamedFiles> {}

    /** Larger than any disk. */
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
}
