package dev.berth.http;

import java.util.ArrayList;
import java.util.List;

/**
 * A client's message, read by a {@link CommandScan} as it comes. It is kept in pieces, so that none is copied, or needs one large
 * array, for its length; of one with a fault nothing is kept.
 */
final class CommandText {
    static final int PIECE_BYTES = 1 << 18;

    /** What every client has anyway. */
    static final int KEPT_BYTES = 1 << 16;

    private final CommandScan scan = new CommandScan();
    private final List<Piece> full = new ArrayList<>();
    private byte[] last = new byte[KEPT_BYTES];
    private int lastLength;
    private int length;
    private boolean discarding;

    /** A part of an array. */
    record Piece(byte[] bytes, int from, int to) {
        int length() {
            return to - from;
        }
    }

    /** A message of our own making. */
    static CommandText of(byte[] bytes) {
        CommandText text = new CommandText();
        text.last = bytes;
        text.added(bytes.length);
        return text;
    }

    CommandScan scan() {
        return scan;
    }

    int length() {
        return length;
    }

    /** What it takes beyond {@link #KEPT_BYTES}. */
    long extraBytes() {
        long extra = last.length - KEPT_BYTES;
        for (Piece piece : full) {
            extra += piece.bytes().length;
        }
        return Math.max(0, extra);
    }

    // Writing

    /** How many bytes fit behind {@link #at} of {@link #array}: one at the least. */
    int room() {
        if (discarding || scan.isFaulty()) {
            full.clear();
            lastLength = 0;
        } else if (lastLength == last.length) {
            full.add(new Piece(last, 0, lastLength));
            last = new byte[PIECE_BYTES];
            lastLength = 0;
        }
        return last.length - lastLength;
    }

    byte[] array() {
        return last;
    }

    int at() {
        return lastLength;
    }

    /** So much was written. */
    void added(int count) {
        scan.feed(last, lastLength, lastLength + count);
        lastLength += count;
        length += count;
    }

    /** For the next message; pieces that nobody took are used again, or given back. */
    void reset() {
        full.clear();
        lastLength = 0;
        length = 0;
        scan.reset();
        if (last.length != KEPT_BYTES) {
            last = new byte[KEPT_BYTES];
        }
    }

    /** From now on nothing is kept. */
    void discard() {
        discarding = true;
        reset();
    }

    // Reading

    /** Whether it is in one piece, which is used again. */
    boolean isSmall() {
        return full.isEmpty() && lastLength <= KEPT_BYTES;
    }

    /** All of it, in one array that may be longer. */
    byte[] whole() {
        if (full.isEmpty()) {
            return last;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (Piece piece : pieces()) {
            System.arraycopy(piece.bytes(), piece.from(), whole, at, piece.length());
            at += piece.length();
        }
        return whole;
    }

    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>(full);
        pieces.add(new Piece(last, 0, lastLength));
        return pieces;
    }

    /** All of it, for good. */
    List<Piece> take() {
        List<Piece> taken = pieces();
        full.clear();
        last = new byte[KEPT_BYTES];
        lastLength = 0;
        return taken;
    }
}
