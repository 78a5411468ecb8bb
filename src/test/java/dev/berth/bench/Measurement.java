package dev.berth.bench;

import java.util.List;

/** Takes some rows' figures; fails where a thing does not work at all, never because it is slow. */
@FunctionalInterface
interface Measurement {
    List<Row> run(Rig rig) throws Exception;
}
