package dev.berth;

import dev.berth.history.access.KeyRepository;
import dev.berth.node.ApiKeys;
import dev.berth.node.StartException;
import io.vertx.core.Future;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an operator does with API keys on the command line. Gives what is to be printed. */
@FunctionalInterface
interface KeysCommand {
    Future<String> run(KeyRepository keys);

    /** @param arguments those after {@code keys}; empty for what is no command */
    static Optional<KeysCommand> parse(List<String> arguments) {
        return switch (arguments.isEmpty() ? "" : arguments.get(0)) {
            case "create" -> parseCreate(arguments.subList(1, arguments.size()));
            case "list" -> Optional.<KeysCommand>of(KeysCommand::list).filter(list -> arguments.size() == 1);
            case "revoke" ->
                Optional.of(arguments)
                        .filter(given -> given.size() == 2 && given.get(1).matches("\\d{1,18}"))
                        .map(given -> Long.valueOf(given.get(1)))
                        .map(id -> keys -> revoke(keys, id));
            default -> Optional.empty();
        };
    }

    private static Optional<KeysCommand> parseCreate(List<String> arguments) {
        List<String> names = new ArrayList<>(arguments);
        boolean admin = names.remove("--admin");
        int user = names.indexOf("--user");
        if (user == names.size() - 1) {
            return Optional.empty();
        }
        String owner = user < 0 ? ApiKeys.DEFAULT_USER : names.remove(user + 1);
        names.remove("--user");
        return names.size() == 1
                        && Stream.of(names.get(0), owner).noneMatch(name -> name.isBlank() || name.startsWith("-"))
                ? Optional.of(keys -> create(keys, owner, names.get(0), admin))
                : Optional.empty();
    }

    /** Gives the key alone, for scripts. */
    private static Future<String> create(KeyRepository keys, String user, String name, boolean admin) {
        String key = ApiKeys.random();
        return keys.add(user, name, admin, key).map(key);
    }

    private static Future<String> list(KeyRepository keys) {
        String line = "%-6s %-20s %-6s %-20s %s";
        return keys.list()
                .map(all -> Stream.concat(
                                Stream.of(line.formatted("id", "user", "admin", "created", "name")),
                                all.stream()
                                        .map(key -> line.formatted(
                                                key.keyId(),
                                                key.user(),
                                                key.admin() ? "yes" : "no",
                                                key.createdAt().toInstant().truncatedTo(ChronoUnit.SECONDS),
                                                key.name())))
                        .map(String::stripTrailing)
                        .collect(Collectors.joining("\n")));
    }

    private static Future<String> revoke(KeyRepository keys, long id) {
        return keys.revoke(id)
                .compose(done -> done
                        ? Future.succeededFuture("revoked " + id)
                        : Future.failedFuture(new StartException("there is no key " + id
                                + ", or it is the last one of an admin; 'keys list' shows them")));
    }
}
