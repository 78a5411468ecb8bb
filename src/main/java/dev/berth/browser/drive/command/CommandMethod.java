package dev.berth.browser.drive.command;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.annotation.Domain;
import io.webfolder.cdp.annotation.Returns;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The CDP command of a method of cdp4j's command interfaces. cdp4j is compiled with parameter names; its annotations mark optional
 * parameters, and methods that return one field of the result. Any thread may call.
 *
 * @param name such as {@code Runtime.evaluate}
 * @param result the return type of the method
 * @param field the field of the result that the method returns; empty for the whole result
 */
record CommandMethod(String name, List<Parameter> parameters, JavaType result, Optional<String> field) {
    /** Ignores fields and enum names that cdp4j does not know yet, but insists on the types of those that it knows. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(CdpConnection.JSON)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            // cdp4j's enums have Java names; their toString is CDP's name.
            .enable(
                    DeserializationFeature.READ_ENUMS_USING_TO_STRING,
                    DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .visibility(PropertyAccessor.ALL, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .build();

    private static final Map<Method, CommandMethod> KNOWN = new ConcurrentHashMap<>();

    /** @param optional whether the argument may be null, and is then left out */
    record Parameter(String name, boolean optional) {
        private static Parameter of(java.lang.reflect.Parameter declared) {
            if (!declared.isNamePresent()) {
                throw new IllegalStateException("compiled without names: " + declared.getDeclaringExecutable());
            }
            return new Parameter(
                    declared.getName(), declared.isAnnotationPresent(io.webfolder.cdp.annotation.Optional.class));
        }
    }

    /** A message from Chrome: the first {@code length} bytes of {@code json}. */
    record Answer(byte[] json, int length) {
        /** {@link dev.berth.browser.cdp.MessageKeeper} reuses buffers up to this size, so their bytes must be copied. */
        private static final int MAX_REUSED_BYTES = 1 << 16;

        static Answer kept(byte[] json, int length) {
            return new Answer(length > MAX_REUSED_BYTES ? json : Arrays.copyOf(json, length), length);
        }
    }

    static CommandMethod of(Method method) {
        return KNOWN.computeIfAbsent(method, CommandMethod::read);
    }

    private static CommandMethod read(Method method) {
        return new CommandMethod(
                method.getDeclaringClass().getAnnotation(Domain.class).value() + "." + method.getName(),
                Stream.of(method.getParameters()).map(Parameter::of).toList(),
                MAPPER.constructType(method.getGenericReturnType()),
                Optional.ofNullable(method.getAnnotation(Returns.class)).map(Returns::value));
    }

    /** @param arguments in the order of the parameters; null for a method without any */
    JsonObject params(Object[] arguments) {
        Map<String, Object> given = new HashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (arguments[i] != null) {
                given.put(parameter.name(), arguments[i]);
            } else if (!parameter.optional()) {
                throw new IllegalArgumentException(name + " needs " + parameter.name());
            }
        }
        return new JsonObject(MAPPER.convertValue(given, new TypeReference<Map<String, Object>>() {}));
    }

    /** The return value of the method; throws {@link ChromeRefusal} if Chrome refused the command. */
    Object read(Answer answer) {
        try {
            return read(MAPPER.readTree(answer.json(), 0, answer.length()));
        } catch (StreamConstraintsException e) {
            throw Failures.failed("the page is nested too deeply", Failures.GIVE_A_PART);
        } catch (IOException e) {
            throw new IllegalStateException("Chrome's answer to " + name + " can't be read", e);
        }
    }

    private Object read(JsonNode answer) throws IOException {
        JsonNode error = answer.get("error");
        if (error != null) {
            throw new ChromeRefusal(error.path("message").asText());
        }
        if (result.hasRawClass(void.class)) {
            return null;
        }
        JsonNode given = field.map(answer.path("result")::path).orElse(answer.path("result"));
        if (given.isMissingNode() || given.isNull()) {
            throw new IOException("it lacks " + field.orElse("its result"));
        }
        return MAPPER.readValue(MAPPER.treeAsTokens(given), result);
    }
}
