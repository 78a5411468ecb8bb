package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpCommand;
import dev.berth.cdpclient.command.CdpReply;
import dev.berth.cdpclient.command.PictureData;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ImageFormat;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Has what a client pictures or prints kept as artifacts: copies Chrome's replies on their way to the client, where there is memory for
 * that. On the event loop of the client.
 */
final class ClientPictures {
    /** For the replies of all clients until they are kept. One budget for the process, since the heap is the process's. */
    static final MemoryBudget MEMORY = memory(Runtime.getRuntime().maxMemory());

    /** What the entry of a picture says where it is not kept: why. */
    static final String NOT_KEPT = "notKept";

    private static final int MAX_AWAITED = 1_000;
    /** Open at a time. What waits to be kept makes its client wait at last, which then can't close any. */
    static final int MAX_STREAMS = 32;
    /** Of memory for each byte that is copied: it is decoded, too. */
    private static final int BYTES_A_BYTE = 2;

    private static final String NO_MEMORY = "the server had no memory for it";

    private final Vertx vertx;
    private final Object user;
    private final SessionId session;
    private final Function<ArtifactEntry, Future<?>> list;
    private final PictureKeeping keeping;
    /** By the ids of the commands whose replies are, or contain, pictures. */
    private final Map<Long, Picture> awaited = new LinkedHashMap<>();
    /** Documents that the client reads piece by piece, by their handles. */
    private final Map<String, Picture> streams = new LinkedHashMap<>();
    /** All that are not settled. */
    private final Set<Picture> open = new HashSet<>();
    /** The one to which the message that arrives belongs, and what has come of the message. */
    private Optional<Picture> arriving = Optional.empty();

    private Buffer message = Buffer.buffer();

    /**
     * @param user whose share of the memory is used
     * @param list has the session list what is spooled
     */
    ClientPictures(
            Vertx vertx,
            Object user,
            SessionId session,
            Function<ArtifactEntry, Future<?>> list,
            PictureKeeping keeping) {
        this.vertx = vertx;
        this.user = user;
        this.session = session;
        this.list = list;
        this.keeping = keeping;
    }

    private static MemoryBudget memory(long heapBytes) {
        return new MemoryBudget(heapBytes / 8, heapBytes / 16);
    }

    /** What a command is to give. */
    private final class Picture {
        final ArtifactType type;
        final String extension;
        final Optional<String> pageId;
        final List<Buffer> replies = new ArrayList<>();
        final MemoryBudget.Share memory = MEMORY.share(user);
        final Promise<Map<String, Object>> outcome = Promise.promise();
        boolean stream;
        boolean complete;

        Picture(ArtifactType type, String extension, Optional<String> pageId) {
            this.type = type;
            this.extension = extension;
            this.pageId = pageId;
            open.add(this);
        }

        void settle(Map<String, Object> details) {
            memory.close();
            replies.clear();
            open.remove(this);
            outcome.tryComplete(details);
        }

        void lose(String why) {
            settle(Map.of(NOT_KEPT, why));
        }

        boolean isSettled() {
            return outcome.future().isComplete();
        }
    }

    // What the client says

    void sent(CdpCommand command, Optional<String> pageId) {
        if (command.id().isEmpty()) {
            return;
        }
        long id = command.id().getAsLong();
        switch (command.method()) {
            case "Page.captureScreenshot" ->
                await(
                        id,
                        new Picture(
                                ArtifactType.SCREENSHOT,
                                command.text("format")
                                        .flatMap(ImageFormat::parse)
                                        .orElse(ImageFormat.PNG)
                                        .extension(),
                                pageId));
            case "Page.printToPDF" -> await(id, new Picture(ArtifactType.PDF, "pdf", pageId));
            case "IO.read" ->
                stream(command).ifPresent(read -> {
                    if (command.params().containsKey("offset")) {
                        read.lose("the client read it in an order of its own");
                    }
                    await(id, read);
                });
            case "IO.close" -> stream(command).ifPresent(this::keep);
            default -> {}
        }
    }

    private Optional<Picture> stream(CdpCommand command) {
        return command.text("handle").map(streams::get);
    }

    private void await(long id, Picture picture) {
        Optional.ofNullable(awaited.put(id, picture)).ifPresent(same -> same.lose("its number was used again"));
        if (awaited.size() > MAX_AWAITED) {
            // Some commands are never answered.
            awaited.remove(awaited.keySet().iterator().next()).lose("the browser did not answer it");
        }
    }

    /** What comes of the picture that this command has asked for: details for its entry. Empty where it asked for none. */
    Optional<Future<Map<String, Object>>> outcome(long id) {
        return Optional.ofNullable(awaited.get(id))
                .filter(picture -> !picture.stream)
                .map(asked -> asked.outcome.future());
    }

    // What Chrome says

    /** Whether the message with this beginning is to be copied: {@link #add} gets the rest. */
    boolean begins(byte[] head, int length) {
        CdpReply.id(head, length)
                .ifPresent(id -> Optional.ofNullable(awaited.remove(id)).ifPresent(picture -> {
                    CdpReply reply = CdpReply.parse(id, head, length);
                    if (reply.error().isPresent()) {
                        picture.lose("the command failed");
                    } else if (reply.stream().isPresent()) {
                        stream(reply.stream().get(), picture);
                    } else if (!picture.isSettled()) {
                        arriving = Optional.of(picture);
                    }
                }));
        return arriving.isPresent();
    }

    private void stream(String handle, Picture picture) {
        picture.stream = true;
        streams.put(handle, picture);
        if (streams.size() > MAX_STREAMS) {
            String oldest = streams.keySet().iterator().next();
            streams.remove(oldest).lose("the client left more than " + MAX_STREAMS + " documents open");
        }
    }

    void add(byte[] bytes, int from, int to, boolean last) {
        arriving.ifPresent(picture -> {
            if (picture.memory.tryAdd((long) BYTES_A_BYTE * (to - from))) {
                message.appendBytes(bytes, from, to - from);
            } else {
                picture.lose(NO_MEMORY);
                end();
            }
        });
        if (last) {
            arriving.filter(picture -> !picture.isSettled()).ifPresent(this::arrived);
            end();
        }
    }

    private void end() {
        arriving = Optional.empty();
        message = Buffer.buffer();
    }

    private void arrived(Picture picture) {
        picture.replies.add(message);
        if (!picture.stream) {
            keep(picture);
        }
    }

    private void keep(Picture picture) {
        streams.values().remove(picture);
        if (picture.isSettled()) {
            return;
        }
        picture.complete = true;
        List<Buffer> replies = List.copyOf(picture.replies);
        vertx.executeBlocking(() -> PictureData.of(replies, picture.stream), false)
                .compose(bytes -> keeping.spool(session, picture.type, picture.extension, bytes))
                .compose(spooled -> list(spooled.on(picture.pageId)))
                .onSuccess(kept -> picture.settle(Map.of("objectId", kept.objectId(), "size", kept.size())))
                .onFailure(e ->
                        picture.lose(e instanceof BerthException known ? known.getMessage() : "it was incomplete"));
    }

    private Future<ArtifactEntry> list(ArtifactEntry spooled) {
        return list.apply(spooled).map(spooled).onFailure(e -> keeping.discard(spooled));
    }

    /** Nothing more will arrive. What is being kept is still kept. */
    void close() {
        end();
        List.copyOf(open).stream()
                .filter(picture -> !picture.complete)
                .forEach(picture -> picture.lose("the client left before it was read"));
        awaited.clear();
        streams.clear();
    }
}
