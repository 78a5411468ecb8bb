package dev.berth.agent.model;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.Cost;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One request to a model, tried up to three times; a further try begins within the window of the first or not at all. Lives on the
 * context that asks.
 */
final class Attempts implements Model.Asking {
    private static final int TRIES = 3;

    /** @param firstMillis the first pause; the next one is twice as long */
    record Pauses(long firstMillis, long windowMillis) {
        /** The last try is 5.4 s after the first one: servers of models restart, and are overloaded for some seconds. */
        static final Pauses USUAL = new Pauses(1_800, 10_000);
    }

    private final Vertx vertx;
    private final Supplier<Exchange> exchanges;
    private final Function<Exchange, Future<Api.Reply>> send;
    private final Prices prices;
    private final Cost most;
    private final double maxUsd;
    private final Pauses pauses;
    private final Promise<Turn> turn;
    private final long begun = System.nanoTime();
    private Optional<Exchange> running = Optional.empty();
    private Cost cost = Cost.NONE;
    private int tries;

    /**
     * @param most what a try may cost at the most; a try that broke off after its prompt was sent counts as this
     * @param maxUsd for all tries together
     */
    Attempts(
            Vertx vertx,
            Supplier<Exchange> exchanges,
            Function<Exchange, Future<Api.Reply>> send,
            Prices prices,
            Cost most,
            double maxUsd,
            Pauses pauses) {
        this.vertx = vertx;
        this.exchanges = exchanges;
        this.send = send;
        this.prices = prices;
        this.most = most;
        this.maxUsd = maxUsd;
        this.pauses = pauses;
        turn = LoopPromise.here(vertx);
    }

    @Override
    public Future<Turn> turn() {
        return turn.future();
    }

    @Override
    public void cancel() {
        running.ifPresent(this::lose);
        turn.tryFail(exception(Failure.cancelled()));
        running.ifPresent(Exchange::cancel);
    }

    private void lose(Exchange exchange) {
        cost = exchange.mayBeCharged() ? cost.plus(most) : cost;
    }

    void begin() {
        tries++;
        Exchange exchange = exchanges.get();
        running = Optional.of(exchange);
        send.apply(exchange)
                .onComplete(tried -> running = Optional.empty())
                .onSuccess(this::judge)
                .onFailure(e -> {
                    lose(exchange);
                    failed(Failure.of(e));
                });
    }

    private void judge(Api.Reply reply) {
        cost = cost.plus(prices.cost(reply.tokens()));
        if (reply.filtered()) {
            failed(
                    Failure.lasting(
                            "The model or its content filter refused to answer. Ask for something else, or use another model."));
        } else if (reply.empty() && reply.cut()) {
            failed(Failure.lasting(
                    "The model used all of its output before it answered. Use a model that reasons less."));
        } else if (reply.empty()) {
            failed(Failure.passing("The model answered with neither text nor calls. Try again later."));
        } else {
            turn.tryComplete(new Turn(reply.text(), reply.calls(), cost));
        }
    }

    private void failed(Failure failure) {
        long pause = Math.max(failure.waitMillis(), pauses.firstMillis() << (tries - 1));
        boolean fits = (System.nanoTime() - begun) / 1_000_000 + pause <= pauses.windowMillis();
        if (turn.future().isComplete()) {
            return;
        }
        if (failure.passing() && tries < TRIES && fits && cost.usd() + most.usd() <= maxUsd) {
            vertx.setTimer(pause, id -> again());
        } else {
            turn.tryFail(exception(failure));
        }
    }

    private void again() {
        if (!turn.future().isComplete()) {
            begin();
        }
    }

    private ModelException exception(Failure failure) {
        String tried = tries > 1 ? " (Tried " + tries + " times.)" : "";
        return new ModelException(failure.getMessage() + tried, cost);
    }
}
