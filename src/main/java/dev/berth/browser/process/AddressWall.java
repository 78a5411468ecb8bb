package dev.berth.browser.process;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of the kernel's packet filter, for all Chromes of the machine: the Chromes' user ids reach 127.0.0.1 and no other address. Ids
 * that no Chrome has are free, as systemd gives services such ones. {@link NetworkWall} holds the port, whatever the address. Only root can
 * make it, by nft (nftables). Its methods block.
 */
final class AddressWall {
    /**
     * The table without its user ids is replaced in one step, as the servers of a machine share it. Each user id refers to the chain, so
     * that the kernel refuses to delete the chain while any server has one: the last server to stop deletes the table.
     */
    private static final String TABLE = """
            table inet berth_uids_%1$d {
                map chromes {
                    type uid : verdict
                    %2$s
                }
                chain chrome {
                }
                chain out {
                    type filter hook output priority filter
                }
            }
            flush chain inet berth_uids_%1$d chrome
            flush chain inet berth_uids_%1$d out
            table inet berth_uids_%1$d {
                chain chrome {
                    ip daddr 127.0.0.1 accept
                    counter reject with icmpx admin-prohibited
                }
                chain out {
                    meta skuid vmap @chromes
                }
            }
            """;

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final int firstUid;
    private final Set<Integer> held = new TreeSet<>();
    private Optional<String> defect;

    AddressWall(int firstUid) throws InterruptedException {
        this.firstUid = firstUid;
        this.defect = refusal(table(firstUid, held));
    }

    static String table(int firstUid, Collection<Integer> userIds) {
        return TABLE.formatted(firstUid, userIds.isEmpty() ? "" : "elements = " + elements(userIds));
    }

    /** Fails as a whole while the table has a user id. */
    static String deletion(int firstUid) {
        return "delete chain inet berth_uids_%1$d chrome\ndelete table inet berth_uids_%1$d\n".formatted(firstUid);
    }

    /** @param ids at least one, all of which the table has */
    static String removal(int firstUid, Collection<Integer> ids) {
        return "delete element inet berth_uids_%d chromes %s\n".formatted(firstUid, elements(ids));
    }

    private static String elements(Collection<Integer> userIds) {
        return userIds.stream().map(id -> id + " : jump chrome").collect(Collectors.joining(", ", "{ ", " }"));
    }

    /** The error of nft, if it fails. */
    private static Optional<String> refusal(String input) throws InterruptedException {
        Trial nft = nft(input);
        if (nft.well()) {
            return Optional.empty();
        }
        String why = nft.said().lines().findFirst().orElse("nft failed");
        return Optional.of(why.contains("not permitted") ? why + ": give the server the capability NET_ADMIN" : why);
    }

    private static Trial nft(String input) throws InterruptedException {
        return Trial.of(List.of("nft", "-f", "-"), input);
    }

    /** Why it does not hold all Chromes; empty where it does. */
    synchronized Optional<String> defect() {
        return defect;
    }

    /** Holds this id from now on. The first time for each id takes some milliseconds. */
    synchronized void hold(int userId) throws InterruptedException {
        if (defect.isEmpty() && held.add(userId)) {
            defect = refusal(table(firstUid, held));
        }
    }

    /**
     * Takes away the ids that a killed server left. To be called before this server holds an id. An id whose user still has processes
     * stays.
     */
    synchronized void releaseIdle(UserIds userIds) throws IOException, InterruptedException {
        if (defect.isEmpty()) {
            String listed =
                    nft("list map inet berth_uids_" + firstUid + " chromes\n").said();
            List<Integer> left = elements(listed);
            if (!left.isEmpty()) {
                Set<Long> users = ProcessTable.users();
                delete(userIds.takeIdle(left.stream()
                        .filter(id -> !users.contains(id.longValue()))
                        .toList()));
            }
        }
    }

    /** @param listed the map as nft prints it */
    static List<Integer> elements(String listed) {
        int begin = listed.indexOf("elements = {");
        return begin < 0
                ? List.of()
                : NUMBER.matcher(listed.substring(begin))
                        .results()
                        .map(id -> Integer.valueOf(id.group()))
                        .toList();
    }

    /** To be called while the ids are still this server's. */
    synchronized void release() throws InterruptedException {
        delete(held);
        held.clear();
        if (defect.isEmpty()) {
            refusal(deletion(firstUid));
        }
    }

    private void delete(Collection<Integer> ids) throws InterruptedException {
        if (!ids.isEmpty()) {
            // The command fails where somebody has flushed the table: then there is nothing to remove.
            refusal(removal(firstUid, ids));
        }
    }
}
