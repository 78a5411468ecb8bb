package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * Carries one record type: as the object itself within the JVM (records are immutable), as length and JSON between nodes. The
 * bus finds codecs by exact class, so each record has its own.
 *
 * @param <T> the record
 */
public final class RecordCodec<T> implements MessageCodec<T, T> {
    private final Class<T> type;

    private RecordCodec(Class<T> type) {
        this.type = type;
    }

    /** Registers a codec for every message of the protocol. To be called once per bus. */
    public static void registerAll(EventBus bus) {
        messages().forEach(type -> register(bus, type));
    }

    /** Takes the codecs of {@link #registerAll} from the bus again. */
    public static void unregisterAll(EventBus bus) {
        messages().forEach(bus::unregisterDefaultCodec);
    }

    private static Stream<Class<?>> messages() {
        return Stream.of(
                        SessionCommand.class,
                        SessionReply.class,
                        SessionEvent.class,
                        NodeCommand.class,
                        NodeReply.class,
                        AgentCommand.class,
                        AgentReply.class,
                        TaskCommand.class,
                        TaskEvent.class)
                .flatMap(RecordCodec::records);
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

    /** Throws {@link BerthException} that names the field where the record would be invalid. */
    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        int start = position + Integer.BYTES;
        try {
            T message = ProtocolJson.MAPPER.readValue(buffer.getBytes(start, start + buffer.getInt(position)), type);
            return Require.present(type.getSimpleName(), message);
        } catch (IOException e) {
            throw Undecodable.refusal(type, e);
        }
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
