package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import dev.berth.config.EgressConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.egress.EgressProxies;
import dev.berth.egress.EgressProxy;
import dev.berth.protocol.Containment;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;

/** What a Chrome's proxy costs: two Chromes launched by hand, of which one has it, and nobody is connected to either. */
final class EgressRows implements Measurement {
    private static final int TIMES = 9;
    private static final int MEGABYTES = 50;

    /** A proxy on an event loop of its own, whose time is its processor's. */
    private static final class Lane {
        final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        final Context context = vertx.getOrCreateContext();
        final HandLaunch chromes;
        private long thread;

        Lane(Rig rig) {
            EgressConfig settings = new EgressConfig(true, true, List.of(), List.of());
            EgressProxies proxies =
                    new EgressProxies(vertx, new AddressPolicy(settings, Set::of, port -> false), settings);
            Promise<EgressProxy> opened = Promise.promise();
            context.runOnContext(now -> {
                thread = Thread.currentThread().getId();
                proxies.open()
                        .onSuccess(proxy -> proxy.adopt(proxies.policy(Containment.NONE)))
                        .onComplete(opened);
            });
            chromes = rig.proxied.behind(Rig.await(opened.future()).port());
        }

        double cpuMillis() {
            return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) / 1e6;
        }
    }

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Lane lane = new Lane(rig);
        try {
            return List.of(
                    page(rig, lane, 1, 0.9),
                    page(rig, lane, Site.HOSTS, 0.75),
                    new Row(
                            "egress: a download at 1 Gbit/s",
                            "MB/s",
                            Pair.interleave(
                                    TIMES,
                                    () -> MEGABYTES * perSecond(lane.chromes, rig.site.download(MEGABYTES)),
                                    () -> MEGABYTES * perSecond(rig.hands, rig.site.download(MEGABYTES))),
                            Budget.ratioAtLeast(0.9),
                            MEGABYTES
                                    + " MB that a site sends at that rate and a page reads, through the proxy and"
                                    + " without it."),
                    processor(rig, lane));
        } finally {
            Rig.await(lane.vertx.close());
        }
    }

    private static Row page(Rig rig, Lane lane, int hosts, double budget) throws Exception {
        Benchmark.progress("egress, " + hosts + " hosts");
        return new Row(
                "egress: a page of 200 resources, " + (hosts == 1 ? "one host" : hosts + " hosts"),
                "pages/s",
                Pair.interleave(
                        TIMES,
                        () -> perSecond(lane.chromes, rig.site.resources(hosts)),
                        () -> perSecond(rig.hands, rig.site.resources(hosts))),
                Budget.ratioAtLeast(budget),
                "Plain HTTP; from the page's request until it says that all are there, through the proxy and without"
                        + " it.");
    }

    private static Row processor(Rig rig, Lane lane) throws Exception {
        Benchmark.progress("egress, processor");
        Samples samples = new Samples();
        for (int i = 0; i < TIMES; i++) {
            double before = lane.cpuMillis();
            perSecond(lane.chromes, rig.site.download(MEGABYTES));
            samples.add((lane.cpuMillis() - before) / MEGABYTES);
        }
        return new Row(
                "egress: processor for a MB",
                "ms",
                new Pair(samples, Samples.of(Double.NaN)),
                Budget.atMost(1.5, "ms"),
                "Of the proxy's event loop, during that download.");
    }

    private static double perSecond(HandLaunch chromes, Visit visit) throws Exception {
        ChromeTree chrome = chromes.launch(visit.url);
        try {
            return 1e9 / (visit.doneNanos() - visit.askedNanos());
        } finally {
            chrome.end();
        }
    }
}
