package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what another version may have told: see the rule of the package. */
public final class Told {
    private static final Logger log = LoggerFactory.getLogger(Told.class);

    private static final ClassValue<Constants> CONSTANTS = new ClassValue<>() {
        @Override
        protected Constants computeValue(Class<?> type) {
            return Constants.of(type);
        }
    };

    private Told() {}

    /**
     * The constant with this name in JSON and rows; one that only a newer version knows is that which this version has for it.
     *
     * @throws IllegalArgumentException if it has none, as of frozen enums
     */
    public static <E extends Enum<E>> E constant(Class<E> type, String name) {
        Constants constants = CONSTANTS.get(type);
        return type.cast(Optional.<Object>ofNullable(constants.byName.get(name))
                .or(() -> constants.unknown)
                .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + ": " + name)));
    }

    /** Passes on what is told on an address, except for what this version can't read: that is left out. */
    static <T> Handler<Message<T>> to(Handler<T> listener) {
        return message -> read(message).ifPresent(listener::handle);
    }

    private static <T> Optional<T> read(Message<T> message) {
        try {
            return Optional.ofNullable(message.body());
        } catch (BerthException e) {
            log.debug("what was told on {} can't be read: {}", message.address(), e.getMessage());
            return Optional.empty();
        }
    }

    private record Constants(Map<String, Object> byName, Optional<Object> unknown) {
        static Constants of(Class<?> type) {
            Map<String, Object> byName = new HashMap<>();
            for (Object each : type.getEnumConstants()) {
                byName.put(ProtocolJson.MAPPER.convertValue(each, String.class), each);
            }
            return new Constants(
                    byName,
                    Stream.of(type.getFields())
                            .filter(field -> field.isAnnotationPresent(JsonEnumDefaultValue.class))
                            .findFirst()
                            .<Object>map(field -> Enum.valueOf(type.asSubclass(Enum.class), field.getName())));
        }
    }
}
