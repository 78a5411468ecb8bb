package dev.berth.http.validation;

import dev.berth.http.request.Validation;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses query parameters that the contract does not have: a misspelt filter would silently filter nothing. */
public final class KnownParameters implements Handler<RoutingContext> {
    /** Begins the names of parameters that filter by the client's own labels. */
    public static final String METADATA_PREFIX = "metadata.";

    private final Set<String> known;
    private final boolean takesMetadata;

    public static KnownParameters of(Operation operation) {
        return new KnownParameters(operation, false);
    }

    /** Allows parameters that begin with {@link #METADATA_PREFIX} too. */
    public static KnownParameters withMetadata(Operation operation) {
        return new KnownParameters(operation, true);
    }

    private KnownParameters(Operation operation, boolean takesMetadata) {
        this.known = operation.getParameters().stream()
                .filter(parameter -> parameter.getIn() == Location.QUERY)
                .map(Parameter::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        this.takesMetadata = takesMetadata;
    }

    @Override
    public void handle(RoutingContext ctx) {
        for (String name : ctx.queryParams().names()) {
            boolean label =
                    takesMetadata && name.startsWith(METADATA_PREFIX) && name.length() > METADATA_PREFIX.length();
            if (!label && !known.contains(name)) {
                ctx.fail(Validation.unknown(name, known));
                return;
            }
            if (ctx.queryParam(name).size() > 1) {
                ctx.fail(Validation.repeated(name));
                return;
            }
        }
        ctx.next();
    }
}
