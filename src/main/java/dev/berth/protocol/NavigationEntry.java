package dev.berth.protocol;

import java.time.Instant;

/** A document that was committed in a top-level page. */
public record NavigationEntry(String url, String title, Instant timestamp) {}
