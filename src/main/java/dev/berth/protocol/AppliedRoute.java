package dev.berth.protocol;

/** The {@link RouteRule} that held for a request, and what it did. */
public record AppliedRoute(String routeId, RouteAction action) {}
