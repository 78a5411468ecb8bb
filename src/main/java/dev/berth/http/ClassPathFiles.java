package dev.berth.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;

/**
 * Reads files of the class path. Blocks. Vert.x would first copy them to a temporary folder, which stays behind when the
 * process is killed.
 */
final class ClassPathFiles {
    private ClassPathFiles() {}

    static Buffer read(String name) {
        try (InputStream file = ClassPathFiles.class.getClassLoader().getResourceAsStream(name)) {
            if (file == null) {
                throw new NoSuchFileException(name);
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A view of {@code vertx} whose file system reads from the class path. Only {@code readFileBlocking} is replaced. */
    static Vertx readBy(Vertx vertx) {
        FileSystem files = proxy(
                FileSystem.class,
                (proxy, method, arguments) -> method.getName().equals("readFileBlocking")
                        ? read((String) arguments[0])
                        : invoke(vertx.fileSystem(), method, arguments));
        return proxy(
                Vertx.class,
                (proxy, method, arguments) ->
                        method.getName().equals("fileSystem") ? files : invoke(vertx, method, arguments));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(ClassPathFiles.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
