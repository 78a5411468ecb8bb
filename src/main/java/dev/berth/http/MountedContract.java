package dev.berth.http;

import dev.berth.http.request.ContractCheck;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.JsonBody;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;

/** The routes of the contract, by the ids of its operations. */
record MountedContract(RouterBuilder builder, Contract contract) {
    /** Mounts an operation whose body the contract's validator checks, where it has one. */
    void route(String operationId, Handler<RoutingContext> handler) {
        OpenAPIRoute route = parameters(operationId);
        if (route.getOperation().getRequestBody() != null) {
            route.addHandler(new JsonBody()).addHandler(new ContractCheck(contract.parsed(), route.getOperation()));
        }
        route.addHandler(handler);
    }

    /** The route of an operation, whose parameters are read. */
    OpenAPIRoute parameters(String operationId) {
        OpenAPIRoute route = builder.getRoute(operationId).setDoValidation(false);
        return route.addHandler(new ContractParameters(route.getOperation()));
    }
}
