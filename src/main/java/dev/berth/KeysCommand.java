package dev.berth;

import dev.berth.access.Actor;
import dev.berth.access.KeyAdministration;
import dev.berth.access.KeyAdministration.NewKey;
import dev.berth.access.KeyAdministration.Wish;
import dev.berth.access.KeyLimits;
import dev.berth.access.ListedKey;
import dev.berth.access.Role;
import dev.berth.database.Sql;
import dev.berth.node.ApiKeys;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands on API keys. */
final class KeysCommand {
    private static final String USD = "aiUsdPerMonth";
    private static final Set<String> WHOLE =
            Set.of("sessions", "createsPerMinute", "requestsPerSecond", "storedMib", "trafficMibPerMonth");

    private static final String USER = "--user";
    private static final String ADMIN = "--admin";
    private static final String VIEWER = "--viewer";
    private static final String DAYS = "--days";
    private static final String NAME = "--name";
    private static final String GRACE = "--grace";

    private KeysCommand() {}

    /** @param words those after {@code keys}; empty for what is no command */
    static Optional<AccessCommand> parse(List<String> words) {
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        return switch (words.isEmpty() ? "" : words.get(0)) {
            case "create" ->
                parse(rest, Set.of(ADMIN, VIEWER), Set.of(USER, DAYS)).flatMap(KeysCommand::create);
            case "list" ->
                parse(rest, Set.of(), Set.of(USER))
                        .filter(given -> given.names().isEmpty())
                        .map(given -> list(Optional.ofNullable(given.options().get(USER))));
            case "revoke" ->
                parse(rest, Set.of(), Set.of())
                        .filter(given -> given.names().size() == 1)
                        .flatMap(given -> onKey(given.names().get(0), KeysCommand::revoke));
            case "rotate" -> parse(rest, Set.of(), Set.of(GRACE)).flatMap(KeysCommand::rotate);
            case "change" -> parse(rest, Set.of(), Set.of(NAME, DAYS)).flatMap(KeysCommand::change);
            case "limit" -> parse(rest, Set.of(), Set.of()).flatMap(KeysCommand::limit);
            default -> Optional.empty();
        };
    }

    private static Optional<AccessCommand.Words> parse(List<String> words, Set<String> flags, Set<String> options) {
        return AccessCommand.Words.parse(words, flags, options);
    }

    private static Optional<AccessCommand> onKey(String id, Function<Long, AccessCommand> command) {
        return Optional.of(id)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .map(command);
    }

    /** Prints the key alone, for scripts. */
    private static Optional<AccessCommand> create(AccessCommand.Words given) {
        Optional<String> days = Optional.ofNullable(given.options().get(DAYS));
        return given.names().size() == 1
                        && days.stream().allMatch(KeysCommand::isNumber)
                        && given.flags().size() <= 1
                ? Optional.of(database -> new KeyAdministration(database)
                        .create(
                                Actor.COMMAND_LINE,
                                new Wish(
                                        given.options().getOrDefault(USER, ApiKeys.DEFAULT_USER),
                                        given.names().get(0),
                                        role(given.flags()),
                                        days.map(KeysCommand::fromNow),
                                        KeyLimits.NONE))
                        .map(NewKey::key))
                : Optional.empty();
    }

    private static Role role(Set<String> flags) {
        if (flags.contains(ADMIN)) {
            return Role.ADMIN;
        }
        return flags.contains(VIEWER) ? Role.VIEWER : Role.USER;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,5}");
    }

    private static Instant fromNow(String days) {
        return Instant.now().plus(Duration.ofDays(Integer.parseInt(days)));
    }

    private static AccessCommand list(Optional<String> user) {
        String line = "%-6s %-20s %-6s %-20s %-20s %-20s %-20s %s";
        return database -> new KeyAdministration(database)
                .list(user, AccessCommand.MANY, 0)
                .map(page -> AccessCommand.lines(
                        Stream.of(line.formatted(
                                "id", "user", "role", "created", "expires", "last used", "name", "limits")),
                        page.keys().stream()
                                .map(key -> line.formatted(
                                        key.keyId(),
                                        key.user(),
                                        key.role().wireName(),
                                        time(Optional.of(key.createdAt())),
                                        time(key.expiresAt()),
                                        time(key.lastUsedAt()),
                                        key.name(),
                                        words(key.limits())))));
    }

    private static String time(Optional<Instant> at) {
        return at.map(instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse("never");
    }

    private static String words(KeyLimits limits) {
        return Sql.json(limits).stream()
                .map(limit -> limit.getKey() + "=" + limit.getValue())
                .collect(Collectors.joining(" "));
    }

    private static AccessCommand revoke(long id) {
        return database ->
                new KeyAdministration(database).revoke(Actor.COMMAND_LINE, id).map("revoked " + id);
    }

    private static Optional<AccessCommand> rotate(AccessCommand.Words given) {
        String grace = given.options().getOrDefault(GRACE, "0");
        return given.names().size() == 1 && grace.matches("\\d{1,7}")
                ? onKey(
                        given.names().get(0),
                        id -> database -> new KeyAdministration(database)
                                .rotate(Actor.COMMAND_LINE, id, Long.parseLong(grace))
                                .map(NewKey::key))
                : Optional.empty();
    }

    private static Optional<AccessCommand> change(AccessCommand.Words given) {
        Optional<String> name = Optional.ofNullable(given.options().get(NAME));
        Optional<String> days = Optional.ofNullable(given.options().get(DAYS));
        boolean fine = given.names().size() == 1
                && !given.options().isEmpty()
                && days.stream().allMatch(text -> isNumber(text) || text.equals("never"));
        return fine
                ? onKey(
                        given.names().get(0),
                        id -> changed(
                                id,
                                key -> days.map(text -> key.expiring(days.filter(KeysCommand::isNumber)
                                                .map(KeysCommand::fromNow)))
                                        .orElse(key)
                                        .named(name.orElse(key.name()))))
                : Optional.empty();
    }

    private static AccessCommand changed(long id, UnaryOperator<ListedKey> change) {
        return database -> new KeyAdministration(database)
                .change(Actor.COMMAND_LINE, id, change)
                .map(key -> "key " + id + " (" + key.name() + ") expires: " + time(key.expiresAt()) + "; limits: "
                        + (key.limits().isEmpty() ? "none" : words(key.limits())));
    }

    /** As {@code limit 7 sessions=5 aiUsdPerMonth=none}; what is not named stays. */
    private static Optional<AccessCommand> limit(AccessCommand.Words given) {
        List<String> names = given.names();
        List<String> limits = names.isEmpty() ? names : names.subList(1, names.size());
        return !limits.isEmpty() && limits.stream().allMatch(KeysCommand::isLimit)
                ? onKey(names.get(0), id -> changed(id, key -> key.limited(limited(key.limits(), limits))))
                : Optional.empty();
    }

    private static boolean isLimit(String word) {
        String name = word.replaceFirst("=.*", "");
        String value = word.substring(Math.min(word.length(), name.length() + 1));
        return value.equals("none") && (WHOLE.contains(name) || name.equals(USD))
                || WHOLE.contains(name) && value.matches("\\d{1,9}")
                || name.equals(USD) && value.matches("\\d{1,9}(\\.\\d{1,6})?");
    }

    private static KeyLimits limited(KeyLimits old, List<String> changes) {
        JsonObject limits = Sql.json(old);
        for (String change : changes) {
            String[] pair = change.split("=");
            if (pair[1].equals("none")) {
                limits.remove(pair[0]);
            } else if (pair[0].equals(USD)) {
                limits.put(pair[0], Double.valueOf(pair[1]));
            } else {
                limits.put(pair[0], Long.valueOf(pair[1]));
            }
        }
        return KeyLimits.of(limits);
    }
}
