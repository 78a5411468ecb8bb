package dev.berth.agent.model;

import dev.berth.protocol.Cost;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One question, tried up to three times; a further try begins within the window of the first or not at all. Lives on the
 * context that asks; tries block a worker thread.
 */
final class Attempts implements Asking {
    private static final int TRIES = 3;

    /** @param firstMillis the first pause; the next one is twice as long */
    record Pauses(long firstMillis, long windowMillis) {
        /** The last try is 5.4 s after the first one: servers of models restart, and are overloaded for some seconds. */
        static final Pauses USUAL = new Pauses(1_800, 10_000);
    }

    private final ContextInternal context;
    private final WorkerExecutor workers;
    private final Supplier<Exchange> exchanges;
    private final Function<Exchange, Reply> send;
    private final Prices prices;
    private final Cost most;
    private final double maxUsd;
    private final Pauses pauses;
    private final Promise<Turn> turn;
    private final long begun = System.nanoTime();
    private Optional<Exchange> running = Optional.empty();
    private Usage usage = Usage.NONE;
    private Cost lost = Cost.NONE;
    private int tries;

    /**
     * @param most what a try may cost at the most; a try that broke off after its prompt was sent counts as this
     * @param maxUsd for all tries together
     */
    Attempts(
            ContextInternal context,
            WorkerExecutor workers,
            Supplier<Exchange> exchanges,
            Function<Exchange, Reply> send,
            Prices prices,
            Cost most,
            double maxUsd,
            Pauses pauses) {
        this.context = context;
        this.workers = workers;
        this.exchanges = exchanges;
        this.send = send;
        this.prices = prices;
        this.most = most;
        this.maxUsd = maxUsd;
        this.pauses = pauses;
        turn = context.promise();
    }

    @Override
    public Future<Turn> turn() {
        return turn.future();
    }

    @Override
    public void cancel() {
        running.ifPresent(this::lose);
        turn.tryFail(
                exception(Failure.lasting(ModelException.Kind.CANCELLED, "The question to the model was cancelled.")));
        running.ifPresent(Exchange::cancel);
    }

    private void lose(Exchange exchange) {
        lost = exchange.mayBeCharged() ? lost.plus(most) : lost;
    }

    void begin() {
        tries++;
        Exchange exchange = exchanges.get();
        running = Optional.of(exchange);
        workers.executeBlocking(() -> send.apply(exchange), false)
                .onComplete(tried -> running = Optional.empty())
                .onSuccess(this::judge)
                .onFailure(e -> {
                    lose(exchange);
                    failed(Failure.of(e));
                });
    }

    private void judge(Reply reply) {
        usage = usage.plus(reply.usage());
        if (reply.filtered()) {
            failed(Failure.lasting(
                    ModelException.Kind.FILTERED,
                    "The model's content filter refused to answer. Ask for something else, or use another model."));
        } else if (reply.empty() && reply.stop() == Turn.Stop.OUTPUT_LIMIT) {
            failed(Failure.lasting(
                    ModelException.Kind.MALFORMED,
                    "The model used all of its output before it answered. Use a model that reasons less."));
        } else if (reply.empty()) {
            failed(Failure.passing(
                    ModelException.Kind.MALFORMED, "The model answered with neither text nor calls. Try again later."));
        } else {
            turn.tryComplete(new Turn(reply.text(), reply.calls(), usage, cost(), reply.stop()));
        }
    }

    private void failed(Failure failure) {
        long pause = Math.max(failure.waitMillis(), pauses.firstMillis() << (tries - 1));
        boolean fits = (System.nanoTime() - begun) / 1_000_000 + pause <= pauses.windowMillis();
        if (turn.future().isComplete()) {
            return;
        }
        if (failure.passing() && tries < TRIES && fits && cost().usd() + most.usd() <= maxUsd) {
            context.setTimer(pause, id -> again());
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
        return new ModelException(failure.kind(), failure.getMessage() + tried, cost());
    }

    private Cost cost() {
        return prices.cost(usage).plus(lost);
    }
}
