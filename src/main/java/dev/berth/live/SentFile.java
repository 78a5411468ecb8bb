package dev.berth.live;

import io.vertx.core.buffer.Buffer;

/** A file that a viewer gives to a page. */
public record SentFile(String name, Buffer content) {}
