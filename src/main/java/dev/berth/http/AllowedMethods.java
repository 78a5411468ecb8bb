package dev.berth.http;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tells clients which methods a path has. */
final class AllowedMethods {
    private final List<Known> paths;

    private record Known(Pattern path, String methods) {}

    AllowedMethods(OpenAPIContract contract) {
        this.paths = contract.getPaths().stream().map(AllowedMethods::known).toList();
    }

    private static Known known(Path path) {
        return new Known(
                Pattern.compile(path.getName().replaceAll("\\{[^}]+}", "[^/]+") + "/?"),
                path.getOperations().stream()
                        .map(operation -> operation.getHttpMethod().name())
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }

    /** The error for a request, whose response then has the header {@code Allow}. Paths outside the contract are only read. */
    BerthException refusal(RoutingContext ctx) {
        String methods = paths.stream()
                .filter(known -> known.path().matcher(ctx.normalizedPath()).matches())
                .map(Known::methods)
                .findFirst()
                .orElse("GET");
        ctx.response().putHeader("Allow", methods);
        return new BerthException(
                ErrorCode.METHOD_NOT_ALLOWED, ctx.request().method() + " is not allowed here", "allowed: " + methods);
    }
}
