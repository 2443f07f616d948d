package io.github.slicedscore.internal.cuda;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link LoadingProbe} again and again in one JVM, each time by a class loader of its own, which knows nothing of the libraries
 * that were tried before.
 */
final class ManyLoadings {
    private ManyLoadings() {}

    /**
     * Runs it.
     *
     * @param arguments a name, the jar or folder with natives and JavaCPP's cache and all that it would take instead, for each time
     */
    public static void main(String[] arguments) throws Exception {
        String own = System.getProperty("java.class.path");
        for (int i = 0; i < arguments.length; i += 3) {
            System.out.println("case " + arguments[i]);
            System.setProperty("java.class.path", own + File.pathSeparator + arguments[i + 1]);
            for (String cache : List.of("org.bytedeco.javacpp.cachedir", "user.home", "java.io.tmpdir")) {
                System.setProperty(cache, arguments[i + 2]);
            }
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            try (URLClassLoader loader =
                    new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
                Method main = loader.loadClass(LoadingProbe.class.getName()).getDeclaredMethod("main", String[].class);
                main.setAccessible(true);
                main.invoke(null, (Object) new String[0]);
            }
        }
    }
}
