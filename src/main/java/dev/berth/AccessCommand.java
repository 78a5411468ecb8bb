package dev.berth;

import dev.berth.access.Actor;
import dev.berth.access.UserAdministration;
import dev.berth.database.Database;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands of an operator about users and API keys. Each gives the text to print. */
@FunctionalInterface
interface AccessCommand {
    String KEYS = "keys";
    String USERS = "users";
    /** How many keys or users are listed. */
    int MANY = 1_000_000;

    Future<String> run(Database database);

    /** @param words of the command line; empty for what is no command */
    static Optional<AccessCommand> parse(List<String> words) {
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        return switch (words.isEmpty() ? "" : words.get(0)) {
            case KEYS -> KeysCommand.parse(rest);
            case USERS -> parseUsers(rest);
            default -> Optional.empty();
        };
    }

    private static Optional<AccessCommand> parseUsers(List<String> words) {
        return Words.parse(words, Set.of(), Set.of()).map(Words::names).flatMap(names -> switch (names.size()) {
            case 1 ->
                Optional.<AccessCommand>of(AccessCommand::listUsers)
                        .filter(list -> names.get(0).equals("list"));
            case 2 ->
                Optional.<AccessCommand>of(database -> removeUser(database, names.get(1)))
                        .filter(remove -> names.get(0).equals("remove"));
            default -> Optional.empty();
        });
    }

    private static Future<String> listUsers(Database database) {
        String line = "%-28s %6s %8s %8s";
        return new UserAdministration(database)
                .list(MANY, 0)
                .map(page -> lines(
                        Stream.of(line.formatted("user", "keys", "running", "sessions")),
                        page.users().stream()
                                .map(user -> line.formatted(
                                        user.user(), user.keys(), user.runningSessions(), user.sessions()))));
    }

    private static Future<String> removeUser(Database database, String name) {
        return new UserAdministration(database)
                .remove(Actor.COMMAND_LINE, name)
                .map(removed -> "removed " + name + "; keys: " + removed.keys() + ", sessions: " + removed.sessions()
                        + ". A server that runs removes their files");
    }

    static String lines(Stream<String> first, Stream<String> others) {
        return Stream.concat(first, others).map(String::stripTrailing).collect(Collectors.joining("\n"));
    }

    /**
     * The words after a command.
     *
     * @param names the arguments that are no option
     * @param flags the options without a value that are given
     * @param options the values of others, by their names
     */
    record Words(List<String> names, Set<String> flags, Map<String, String> options) {
        /** Empty where an option is unknown, has no value, or is there twice, and where a name is blank. */
        static Optional<Words> parse(List<String> words, Set<String> flags, Set<String> options) {
            Words read = new Words(new ArrayList<>(), new HashSet<>(), new HashMap<>());
            for (int at = 0; at < words.size(); at++) {
                String word = words.get(at);
                boolean fine = !word.isBlank();
                if (options.contains(word)) {
                    at++;
                    fine = at < words.size() && read.options.put(word, words.get(at)) == null;
                } else if (flags.contains(word)) {
                    fine = read.flags.add(word);
                } else {
                    fine = fine && !word.startsWith("-") && read.names.add(word);
                }
                if (!fine) {
                    return Optional.empty();
                }
            }
            boolean blank = read.options.values().stream().anyMatch(value -> value.isBlank() || value.startsWith("-"));
            return Optional.of(read).filter(all -> !blank);
        }
    }
}
