package dev.berth.protocol;

/** The rule of {@link AddRoute} that held for a request, and what it did. */
public record AppliedRoute(String routeId, RouteAction action) {}
