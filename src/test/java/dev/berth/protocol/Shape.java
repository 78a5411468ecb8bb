package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which records and enums messages consist of, and where they are in the JSON of one. */
final class Shape {
    /** What log chunks consist of. */
    static final List<Class<?>> ENTRIES = List.of(ConsoleEntry.class, NetworkEntry.class, BodyEntry.class);

    private Shape() {}

    /** A place in the JSON of a message that has an object of a record, a constant of an enum, or a list of subtypes of an interface. */
    record Place(JsonPointer pointer, Class<?> type) {}

    /** All places in the JSON of a record. */
    static Stream<Place> places(JsonNode json, Class<?> type) {
        return places(json, JsonPointer.empty(), type, type);
    }

    private static Stream<Place> places(JsonNode json, JsonPointer at, Type type, AnnotatedElement declared) {
        JsonNode node = json.at(at);
        if (type instanceof ParameterizedType generic) {
            Type content = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Optional.class) {
                return node.isNull() ? Stream.empty() : places(json, at, content, declared);
            } else if (!Collection.class.isAssignableFrom((Class<?>) generic.getRawType())) {
                return Stream.empty();
            }
            Stream<Place> elements = Stream.iterate(0, i -> i < node.size(), i -> i + 1)
                    .flatMap(i -> places(json, at.appendIndex(i), element(node.get(i), content, declared), declared));
            return content instanceof Class<?> family && family.isSealed()
                    ? Stream.concat(Stream.of(new Place(at, family)), elements)
                    : elements;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return Stream.of(new Place(at, plain));
        } else if (!plain.isRecord() || !node.isObject()) {
            return Stream.empty();
        }
        return Stream.concat(
                Stream.of(new Place(at, plain)),
                Stream.of(plain.getRecordComponents())
                        .flatMap(c -> places(json, at.appendProperty(name(c)), c.getGenericType(), c.getAccessor())));
    }

    /** The type of an element of a list, which its own JSON names where there are several. */
    private static Type element(JsonNode node, Type content, AnnotatedElement declared) {
        JsonSubTypes subtypes = declared.getAnnotation(JsonSubTypes.class);
        return subtypes == null
                ? content
                : Stream.of(subtypes.value())
                        .filter(each -> each.name().equals(node.get("event").asText()))
                        .findFirst()
                        .orElseThrow()
                        .value();
    }

    /** All records and enums that these consist of, with themselves. */
    static Set<Class<?>> parts(Collection<Class<?>> types) {
        Set<Class<?>> found = new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
        types.forEach(type -> addParts(type, found));
        return found;
    }

    private static void addParts(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            Stream.of(generic.getActualTypeArguments()).forEach(part -> addParts(part, found));
        } else if (type instanceof Class<?> plain
                && plain.getPackage() == Shape.class.getPackage()
                && (plain.isRecord() || plain.isEnum())
                && found.add(plain)
                && plain.isRecord()) {
            Stream.of(plain.getRecordComponents()).forEach(c -> addParts(c.getGenericType(), found));
        }
    }

    /** The line of the released shape that tells of a record or enum. */
    static String line(Class<?> type) {
        String name = shortened(type);
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> ProtocolJson.MAPPER.convertValue(constant, String.class))
                    .collect(Collectors.joining(" ", name + ": ", ""));
        }
        return Stream.of(type.getRecordComponents())
                .map(c -> name(c) + ":" + shortened(c.getGenericType()))
                .collect(Collectors.joining(
                        " ", name + "(", ")" + reply(type).map(r -> " > " + r).orElse("")));
    }

    private static Optional<String> reply(Class<?> type) {
        return RecordCodec.isOrder(type) ? replyOf(type) : Optional.empty();
    }

    private static Optional<String> replyOf(Class<?> type) {
        return Stream.of(type.getGenericInterfaces())
                .flatMap(each -> each instanceof ParameterizedType generic
                        ? Stream.of(generic.getActualTypeArguments()[0])
                                .filter(Class.class::isInstance)
                                .map(Shape::shortened)
                        : replyOf((Class<?>) each).stream())
                .findFirst();
    }

    /** The name in JSON. */
    private static String name(RecordComponent component) {
        JsonProperty other = component.getAccessor().getAnnotation(JsonProperty.class);
        return other == null ? component.getName() : other.value();
    }

    private static String shortened(Type type) {
        return type.getTypeName().replaceAll("([a-z]+\\.)+", "").replace(" ", "");
    }
}
