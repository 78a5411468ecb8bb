package dev.berth.script;

import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.ProgramInputs.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One language's form of the calls that Playwright has in all languages. Names are those of Playwright for JavaScript. */
interface Syntax {
    /**
     * The options of a call.
     *
     * @param type the type that the options have in Java
     * @param values expressions by name
     */
    record Options(String type, Map<String, String> values) {
        static Options of(String type) {
            return new Options(type, new LinkedHashMap<>());
        }

        static Options none() {
            return of("");
        }

        Options with(boolean given, String name, String value) {
            if (given) {
                values.put(name, value);
            }
            return this;
        }
    }

    String quote(String text);

    default String words(Words words) {
        return words.joined(" + ", this::quote);
    }

    String call(String on, String method, List<String> arguments, Options options);

    default String call(String on, String method, List<String> arguments) {
        return call(on, method, arguments, Options.none());
    }

    /** A member without arguments, such as {@code first}. */
    String member(String on, String name);

    /** The mouse or keyboard of a page. */
    default String device(String page, String name) {
        return page + "." + name;
    }

    /** @param type the enum that the choice has in Java */
    default String choice(String type, String value) {
        return quote(value);
    }

    default String flag(boolean value) {
        return String.valueOf(value);
    }

    String point(Offset point);

    String regex(String pattern, String flags);

    default String list(List<String> items) {
        return "[" + String.join(", ", items) + "]";
    }

    /** The path of a file. */
    default String path(String text) {
        return text;
    }

    /** A function in JavaScript, for pages. */
    default String script(String function) {
        return quote(function);
    }

    /** An absent argument. */
    String nothing();

    /** The viewport of a page. */
    String resize(String page, int width, int height);

    /** The call of a function of the program; the function evaluates a last argument that {@link #later} made. */
    default String helper(String name, List<String> arguments) {
        return name + "(" + String.join(", ", arguments) + ")";
    }

    /** Several paths, as one argument. */
    default String paths(List<String> paths) {
        return list(paths);
    }

    /** A function that evaluates an expression. */
    String later(String expression);

    String statement(String expression);

    /** The declaration of a page's variable. */
    String declare(String page, String expression);

    /** The declaration of the variable of a page that opens while an expression is evaluated. */
    List<String> opens(String page, String expression);

    String remark(String text);

    /** @param lines the steps */
    String program(Program program, List<String> lines);
}
