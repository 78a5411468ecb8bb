package dev.berth.sdk;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * Makes the clients that the server gives away, each in one file, from the contract and a frame per language. The build runs it. A
 * frame has what is written by hand, and lines that begin with {@code //@} or {@code #@}, in whose place the generated parts stand.
 */
final class Clients {
    private Clients() {}

    /** Takes the contract, the folder with the frames, and the folder for the clients. */
    public static void main(String[] arguments) throws IOException {
        JsonObject contract =
                new JsonObject(new Yaml().<Map<String, Object>>load(Files.readString(Path.of(arguments[0]))));
        Path frames = Path.of(arguments[1]);
        Path folder = Files.createDirectories(Path.of(arguments[2]));
        Files.writeString(
                folder.resolve("berth.js"), JavaScriptClient.script(contract, read(frames.resolve("frame.js"))));
        Files.writeString(
                folder.resolve("berth.d.ts"), JavaScriptClient.types(contract, read(frames.resolve("frame.d.ts"))));
        Files.writeString(folder.resolve("berth.py"), PythonClient.module(contract, read(frames.resolve("frame.py"))));
    }

    private static List<String> read(Path frame) throws IOException {
        return Files.readAllLines(frame);
    }
}
