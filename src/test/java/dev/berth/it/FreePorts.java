package dev.berth.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Ports for nodes, which need some in a row. Below those that the system gives to connections; none is given twice. */
final class FreePorts {
    private static final AtomicInteger NEXT = new AtomicInteger(17_800);

    private FreePorts() {}

    /** The first of {@code count} ports in a row that were free a moment ago. */
    static int inARow(int count) {
        while (true) {
            int first = NEXT.getAndAdd(count);
            if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket tried = new ServerSocket(port)) {
            return tried.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
