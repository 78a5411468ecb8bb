package dev.berth.http.admin;

import dev.berth.history.UsageRepository;
import dev.berth.history.UsageRepository.KeyDay;
import dev.berth.history.UsageRepository.KeyQuery;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.Validation;
import dev.berth.limits.CountLimit;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The usage of all keys, for an admin. For any event loop. */
public final class UsageRoutes {
    private static final int DEFAULT_DAYS = 30;
    private static final int MAX_DAYS = 366;
    private static final int DEFAULT_LIMIT = 1_000;

    private final UsageRepository usage;
    private final CountLimit<Long> searches;

    /** @param searches counts those of each user that Postgres needs a while for */
    public UsageRoutes(UsageRepository usage, CountLimit<Long> searches) {
        this.usage = usage;
        this.searches = searches;
    }

    /** The answer to {@code GET /api/admin/usage}. */
    public record KeyUsage(List<KeyDay> usage, boolean hasMore) {
        public KeyUsage {
            usage = List.copyOf(usage);
        }
    }

    public Future<KeyUsage> usage(RoutingContext ctx) {
        return AdminAccess.require(ctx).compose(admin -> {
            QueryParameters given = QueryParameters.of(ctx);
            int limit = given.limit(DEFAULT_LIMIT);
            KeyQuery query = query(given, limit + 1);
            return searches.during(Authentication.user(ctx), () -> usage.ofKeys(query))
                    .map(found -> new KeyUsage(found.subList(0, Math.min(limit, found.size())), found.size() > limit));
        });
    }

    private static KeyQuery query(QueryParameters given, int limit) {
        LocalDate last = day(given, "to").orElseGet(() -> LocalDate.now(ZoneOffset.UTC));
        LocalDate first = day(given, "from").orElse(last.minusDays(DEFAULT_DAYS - 1));
        if (first.isAfter(last) || ChronoUnit.DAYS.between(first, last) >= MAX_DAYS) {
            throw Validation.invalid("from: must be at most " + (MAX_DAYS - 1) + " days before 'to', which is " + last);
        }
        return new KeyQuery(first, last, given.text("user"), given.number("keyId"), limit, given.offset());
    }

    private static Optional<LocalDate> day(QueryParameters given, String name) {
        return given.text(name).map(text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw Validation.invalid(name + ": must be a date such as 2026-01-02");
            }
        });
    }
}
