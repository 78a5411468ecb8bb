package dev.berth.browser.cdp;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Targets that a party must not know: what Chrome tells the party of such a target goes nowhere, and the party's sessions of the target, for
 * which it may wait, are detached. These are pages of Berth's own, each known to the party that asked for the page and to no other, and for
 * CDP clients {@link ForeignExtensions}. Chrome tells of a new page before it answers the command that made the page, so what it
 * tells between the two is held back: less than a millisecond. On the event loop of the pipe.
 */
final class HiddenTargets {
    private static final byte[] NEWS = "{\"method\":\"Target.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAVIGATES =
            "{\"method\":\"Page.frameStartedNavigating\"".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NAVIGATION =
            Pattern.compile(".*?\"frameId\":\"([^\"]+)\",\"url\":\"([^\"]*)", Pattern.DOTALL);
    private static final String TARGETS = "\"result\":{\"targetInfos\":[";
    private static final String TARGET = "\"result\":{\"targetInfo\":{";
    private static final int SERVER_ERROR = -32_000;
    private static final int TARGETS_WITHIN = 64;
    private static final Set<String> BEGINS = Set.of("Target.targetCreated", "Target.attachedToTarget");
    private static final JsonObject NEW_PAGE =
            new JsonObject().put("url", "about:blank").put("hidden", true);
    /** Limit for the remembered pages of one party. The first of so many are gone, and Chrome's last events of them come soon. */
    private static final int MAX_PAGES = 100;

    private static final int MAX_HELD = 500;
    private static final int MAX_HELD_BYTES = 1 << 20;
    /** Clients number their commands from 0 or 1 on. */
    private static final int FIRST_ID = Integer.MIN_VALUE + 1;

    private final SessionTree<Party> sessions;
    private final RootSession root;
    private final Consumer<byte[]> again;
    /** Empty where the browser has no extensions. */
    private final Optional<ForeignExtensions> foreign;
    /** The party that owns each page, and each tab that Chrome put a page in, by target id. */
    private final Map<String, Party> owners = new LinkedHashMap<>();

    private final Set<Command> detaching = new HashSet<>();
    private final Set<String> cut = new HashSet<>();
    private final Deque<byte[]> held = new ArrayDeque<>();
    private int heldBytes;
    private int opening;
    /** Whether too much was held back for the pages that are opening to stay hidden. */
    private boolean exposed;

    private int lastId = FIRST_ID;

    private record Command(String sessionId, long id) {}

    /**
     * @param again gets a message that was held back, or was changed
     * @param foreign empty where the browser has no extensions
     */
    HiddenTargets(
            SessionTree<Party> sessions,
            RootSession root,
            Consumer<byte[]> again,
            Optional<ForeignExtensions> foreign) {
        this.foreign = foreign;
        this.sessions = sessions;
        this.root = root;
        this.again = again;
    }

    /** A blank page of the default browser context; completes with its target id. It closes where its party has left meanwhile. */
    Future<String> open(Party owner) {
        opening++;
        return root.ask("Target.createTarget", NEW_PAGE).transform(answer -> {
            String id = answer.succeeded() ? targetId(answer.result()) : "";
            if (!id.isEmpty() && !exposed) {
                newTab().ifPresent(tab -> keep(tab, owner));
                keep(id, owner);
            }
            opening--;
            release();
            if (!id.isEmpty() && !sessions.owns(owner, owner.session())) {
                root.closeTarget(id);
            }
            return id.isEmpty() ? Future.failedFuture("Chrome created no page") : Future.succeededFuture(id);
        });
    }

    private static String targetId(JsonObject answer) {
        return answer.getJsonObject("result", new JsonObject()).getString("targetId", "");
    }

    /** Chrome makes a page's tab and then the page before it does anything else. */
    private Optional<String> newTab() {
        String tab = "";
        for (byte[] message : held) {
            JsonObject told = parse(message, 0, message.length);
            JsonObject target = target(told);
            if (BEGINS.contains(told.getString("method", "")) && "tab".equals(target.getString("type"))) {
                tab = target.getString("targetId");
            }
        }
        return Optional.of(tab).filter(id -> !id.isEmpty());
    }

    private void keep(String targetId, Party owner) {
        owners.put(targetId, owner);
        List<String> own = owners.entrySet().stream()
                .filter(each -> each.getValue().equals(owner))
                .map(Map.Entry::getKey)
                .toList();
        if (own.size() > MAX_PAGES) {
            owners.remove(own.get(0));
        }
    }

    private void release() {
        if (opening == 0) {
            exposed = false;
        }
        if (opening == 0 || exposed) {
            List<byte[]> all = new ArrayList<>(held);
            held.clear();
            heldBytes = 0;
            all.forEach(again);
        }
    }

    /** The party is gone: its pages close. */
    void left(Party party) {
        owners.forEach((id, owner) -> {
            if (owner.equals(party)) {
                root.closeTarget(id);
            }
        });
    }

    private static boolean isClient(Party party) {
        return party.kind() == Party.Kind.CLIENT;
    }

    private Optional<ForeignExtensions> foreignTo(Party party) {
        return isClient(party) ? foreign : Optional.empty();
    }

    /** Whether a message of a session is not for its party, now or ever. */
    boolean takes(Party party, String sessionId, byte[] bytes, int from, int to) {
        foreign.ifPresent(known -> learn(known, bytes, from, to));
        Optional<ForeignExtensions> unknown = foreignTo(party);
        if (opening == 0 && owners.isEmpty() && unknown.isEmpty() && detaching.isEmpty()) {
            return false;
        }
        boolean isNews = MessageHead.startsWith(bytes, from, to, NEWS);
        if (!held.isEmpty() || opening > 0 && !exposed && BEGINS.contains(MessageHead.method(bytes, from, to))) {
            hold(Arrays.copyOfRange(bytes, from, to));
            return true;
        }
        OptionalLong answered = MessageHead.id(bytes, from, to);
        if (answered.isPresent()) {
            return detaching.remove(new Command(sessionId, answered.getAsLong()))
                    || shortens(unknown, sessionId, bytes, from, to);
        }
        return isNews && isHidden(unknown, sessionId, parse(bytes, from, to));
    }

    /** A message that is too large to be held back. */
    void passesLarge() {
        expose();
    }

    private void hold(byte[] message) {
        held.add(message);
        heldBytes += message.length;
        if (held.size() > MAX_HELD || heldBytes > MAX_HELD_BYTES) {
            expose();
        }
    }

    private void expose() {
        if (opening > 0) {
            exposed = true;
            release();
        }
    }

    /** Where a frame goes to an extension that is not the session's own, no client keeps a session of the frame, or gets one. */
    private void learn(ForeignExtensions known, byte[] bytes, int from, int to) {
        if (!MessageHead.startsWith(bytes, from, to, NAVIGATES)) {
            return;
        }
        int length = Math.min(to - from, MessageSplitter.HEAD_BYTES);
        Matcher goes = NAVIGATION.matcher(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
        if (goes.lookingAt() && known.navigates(goes.group(1), goes.group(2))) {
            sessions.ofTarget(goes.group(1), HiddenTargets::isClient).forEach(this::end);
        }
    }

    private void end(String sessionId) {
        String parent = sessions.cut(sessionId);
        if (parent.isEmpty()) {
            root.detach(sessionId); // Chrome then tells of the end of the party
        } else {
            detach(parent, sessionId);
        }
    }

    /** Whether a message that is too large for one array has to be judged before its party gets any of it. */
    boolean mustSee(Party party, byte[] head) {
        foreign.ifPresent(known -> learn(known, head, 0, head.length));
        boolean hides = !owners.isEmpty() || foreignTo(party).isPresent();
        return hides && (MessageHead.startsWith(head, 0, head.length, NEWS) || tellsTargets(head, 0, head.length));
    }

    /** A message about targets that is too large to be judged: its party gets none of it, and where it is an answer, an error. */
    void withholds(String sessionId, byte[] head) {
        OptionalLong answered = MessageHead.id(head, 0, head.length);
        if (answered.isPresent()) {
            again.accept(error(answered.getAsLong(), "the targets have too long URLs", sessionId));
        }
        Attachment.parse(head, 0, head.length).filter(Attachment::attached).ifPresent(told -> {
            cut.add(told.sessionId());
            detach(sessionId, told.sessionId());
        });
    }

    private static byte[] error(long id, String message, String sessionId) {
        JsonObject error = new JsonObject().put("code", SERVER_ERROR).put("message", message);
        return new JsonObject()
                .put("id", id)
                .put("error", error)
                .put("sessionId", sessionId)
                .toBuffer()
                .getBytes();
    }

    private static boolean tellsTargets(byte[] bytes, int from, int to) {
        String head = new String(bytes, from, Math.min(to - from, TARGETS_WITHIN), StandardCharsets.ISO_8859_1);
        return head.contains(TARGETS) || head.contains(TARGET);
    }

    /** The answers to commands for sessions that had ended come without a session. */
    void unanswered(long command) {
        detaching.removeIf(each -> each.id() == command);
    }

    private boolean isHidden(Optional<ForeignExtensions> unknown, String sessionId, JsonObject told) {
        JsonObject params = told.getJsonObject("params", new JsonObject());
        String below = params.getString("sessionId", "");
        JsonObject target = target(told);
        String targetId = target.getString("targetId", params.getString("targetId", ""));
        // A session that a client was told of ends with an event, too.
        boolean isNews = below.isEmpty() || !target.isEmpty();
        boolean isForeign = isNews
                && unknown.filter(known -> known.has(target) || known.has(params))
                        .isPresent();
        if (!cut.contains(below) && !isForeign && !isOthers(targetId, sessionId)) {
            return false;
        }
        switch (told.getString("method")) {
            case "Target.attachedToTarget" -> {
                cut.add(below);
                detach(sessionId, below);
            }
            case "Target.detachedFromTarget" -> cut.remove(below);
            default -> {}
        }
        return true;
    }

    /** Whether it is a page of Berth's own that another party has asked for. */
    private boolean isOthers(String targetId, String sessionId) {
        Party owner = owners.get(targetId);
        return owner != null && !sessions.owns(owner, sessionId);
    }

    private void detach(String parent, String sessionId) {
        int id = lastId++;
        detaching.add(new Command(parent, id));
        root.write(new JsonObject()
                .put("id", id)
                .put("method", "Target.detachFromTarget")
                .put("params", new JsonObject().put("sessionId", sessionId))
                .put("sessionId", parent));
    }

    /** Whether it tells of a hidden target: then its party gets the others of a list, or the error for a target that is not there. */
    private boolean shortens(Optional<ForeignExtensions> unknown, String sessionId, byte[] bytes, int from, int to) {
        if (!tellsTargets(bytes, from, to)) {
            return false;
        }
        JsonObject answer = parse(bytes, from, to);
        JsonObject result = answer.getJsonObject("result", new JsonObject());
        JsonArray all = result.containsKey("targetInfo")
                ? new JsonArray().add(result.getJsonObject("targetInfo"))
                : result.getJsonArray("targetInfos", new JsonArray());
        JsonArray shown = new JsonArray();
        all.forEach(each -> {
            JsonObject target = (JsonObject) each;
            boolean isForeign = unknown.filter(known -> known.has(target)).isPresent();
            if (!isForeign && !isOthers(target.getString("targetId"), sessionId)) {
                shown.add(each);
            }
        });
        if (shown.size() == all.size()) {
            return false;
        }
        again.accept(
                result.containsKey("targetInfo")
                        ? error(answer.getLong("id"), "No target with given id found", sessionId)
                        : answer.put("result", result.put("targetInfos", shown))
                                .toBuffer()
                                .getBytes());
        return true;
    }

    private static JsonObject target(JsonObject told) {
        return told.getJsonObject("params", new JsonObject()).getJsonObject("targetInfo", new JsonObject());
    }

    private static JsonObject parse(byte[] message, int from, int to) {
        try {
            return Buffer.buffer().appendBytes(message, from, to - from).toJsonObject();
        } catch (DecodeException e) {
            return new JsonObject(); // Chrome's are JSON
        }
    }
}
