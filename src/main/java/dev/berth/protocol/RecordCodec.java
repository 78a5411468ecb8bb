package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.NodeCommand.NodeDrains;
import dev.berth.protocol.TaskView.TaskEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Carries one record type: as the object itself within the JVM (records are immutable), as length and JSON between nodes. The
 * bus finds codecs by exact class, so each record has its own.
 *
 * @param <T> the record
 */
public final class RecordCodec<T> implements MessageCodec<T, T> {
    private static final List<Class<?>> FAMILIES = List.of(
            SessionCommand.class,
            NodeCommand.class,
            HistoryCommand.class,
            ExecuteTask.class,
            TaskCommand.class,
            SessionReply.class,
            SessionEvent.class,
            NodeReply.class,
            NodeDrains.class,
            HistoryReply.class,
            TaskView.class,
            TaskEvent.class);

    private final Class<T> type;
    /** Made for the first message from another node: all readers together take a start half a second of its event loop. */
    private volatile ObjectReader reader;

    private RecordCodec(Class<T> type) {
        this.type = type;
    }

    /**
     * Sees to it that the bus of {@code vertx} has a codec for every message of the protocol. A Berth does so for its Vertx; a
     * consumer does where no Berth runs in its own. May be called again, by any thread.
     */
    public static void registerAll(Vertx vertx) {
        vertx.sharedData().<String, Boolean>getLocalMap("berth").computeIfAbsent("codecs", first -> {
            messages().forEach(type -> register(vertx.eventBus(), type));
            return true;
        });
    }

    static Stream<Class<?>> messages() {
        return FAMILIES.stream().flatMap(RecordCodec::records);
    }

    static <T> RecordCodec<T> of(Class<T> type) {
        return new RecordCodec<>(type);
    }

    private static Stream<Class<?>> records(Class<?> family) {
        return family.isSealed()
                ? Stream.of(family.getPermittedSubclasses()).flatMap(RecordCodec::records)
                : Stream.of(family);
    }

    private static <T> void register(EventBus bus, Class<T> type) {
        bus.registerDefaultCodec(type, of(type));
    }

    @Override
    public void encodeToWire(Buffer buffer, T message) {
        try {
            byte[] json = ProtocolJson.MAPPER.writeValueAsBytes(message);
            buffer.appendInt(json.length).appendBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(type.getName() + " has no JSON form", e);
        }
    }

    /**
     * Throws {@link BerthException}: that of the record where it refuses a value, else {@link ErrorCode#NOT_READY}, since only
     * another version writes what this one can't read.
     */
    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        int start = position + Integer.BYTES;
        try {
            return reader().readValue(buffer.getBytes(start, start + buffer.getInt(position)));
        } catch (IOException e) {
            throw e.getCause() instanceof BerthException refused
                    ? refused
                    : new BerthException(
                            ErrorCode.NOT_READY,
                            type.getSimpleName()
                                    + " comes from another version of Berth and can't be read by this node",
                            e);
        }
    }

    /** Two threads may each make one: readers of one type are alike. */
    private ObjectReader reader() {
        ObjectReader made = reader;
        if (made == null) {
            made = ProtocolJson.MAPPER.readerFor(type);
            reader = made;
        }
        return made;
    }

    @Override
    public T transform(T message) {
        return message;
    }

    @Override
    public String name() {
        return type.getName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
