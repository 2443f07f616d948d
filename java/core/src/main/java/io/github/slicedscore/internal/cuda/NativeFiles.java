package io.github.slicedscore.internal.cuda;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/** The files of the native library: where they are, and what is wrong with them, found out before anything loads them. */
final class NativeFiles {
    static final String EXTENSION = "-cuda";
    static final String CLASSIFIER = "linux-x86_64" + EXTENSION;

    private static final String LIBRARY = "libslicedscore.so";
    private static final String BINDING = "libjniCudaLibrary.so";

    private static final String PACKAGE = CudaLibrary.class.getPackageName().replace('.', '/') + "/";
    private static final String FOLDER = PACKAGE + CLASSIFIER + "/";

    private NativeFiles() {}

    /** Whether the jar or folder with the native library is on the class path; loads nothing. */
    static boolean areOnClassPath() {
        return find(FOLDER + BINDING) != null;
    }

    /** The jar that they are in, by name, or the folder. */
    static String origin() {
        return origin(find(FOLDER + BINDING));
    }

    /** The jar, or folder, of the classes that they are for. */
    static String ourOrigin() {
        return origin(find(PACKAGE + CudaLibrary.class.getSimpleName() + ".class"));
    }

    /**
     * Unpacks them where they lie in a jar, and looks at them.
     *
     * @return null if nothing is wrong, or what is
     */
    static CudaLoader.@Nullable Failure fault() {
        for (String name : List.of(LIBRARY, BINDING)) {
            URL url = find(FOLDER + name);
            CudaLoader.Failure fault = url == null ? null : fault(name, url);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /**
     * A jar for them that is on the class path but is none, so that the JVM passes over it without a word.
     *
     * @return null if there is none
     */
    static CudaLoader.@Nullable Failure damagedJar() {
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (entry.endsWith(CLASSIFIER + ".jar") && Files.isRegularFile(Path.of(entry))) {
                try {
                    new ZipFile(entry).close();
                } catch (IOException e) {
                    return damaged(entry + " can't be read: " + e.getMessage(), entry);
                }
            }
        }
        return null;
    }

    private static @Nullable URL find(String path) {
        // By the class loader: a class of a named module would look into its own module only.
        return NativeFiles.class.getClassLoader().getResource(path);
    }

    private static String origin(@Nullable URL url) {
        if (url == null) {
            return "an unknown place";
        }
        String path = url.getPath();
        int inside = path.indexOf("!/");
        return inside < 0
                ? path.substring(0, path.lastIndexOf('/'))
                : path.substring(path.lastIndexOf('/', inside - 1) + 1, inside);
    }

    private static CudaLoader.@Nullable Failure fault(String name, URL url) {
        try {
            Path file;
            if (url.openConnection() instanceof JarURLConnection jar) {
                file = unpacked(url, jar.getJarEntry().getCrc());
            } else {
                file = Path.of(url.toURI());
            }
            String fault = file == null ? "does not have the check sum that the jar tells" : ElfFile.fault(file);
            return fault == null ? null : damaged(name + " " + fault, origin(url));
        } catch (ZipException | EOFException e) {
            return damaged(name + " does not unpack: " + e.getMessage(), origin(url));
        } catch (IOException | URISyntaxException e) {
            return new CudaLoader.Failure(
                    "the native library can't be unpacked: " + e.getMessage(),
                    "make room there, or point -Dorg.bytedeco.javacpp.cachedir at a folder that can be written to and"
                            + " executed from");
        }
    }

    /**
     * The file that JavaCPP will load, with the sum that its jar tells. JavaCPP takes what is in its cache by length and date
     * alone, and a crash of the machine may have left such a file without its content: it is unpacked anew.
     *
     * @return null if even that has another sum
     */
    private static @Nullable Path unpacked(URL url, long crc) throws IOException {
        for (int i = 0; i < 2; i++) {
            Path file = Loader.cacheResource(url).toPath();
            if (crc(file) == crc) {
                return file;
            }
            Files.deleteIfExists(file); // another JVM may have found it, too
        }
        return null;
    }

    private static long crc(Path file) throws IOException {
        try (CheckedInputStream stream = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
            stream.transferTo(OutputStream.nullOutputStream());
            return stream.getChecksum().getValue();
        }
    }

    private static CudaLoader.Failure damaged(String what, String origin) {
        return new CudaLoader.Failure("the native library is damaged: " + what, "fetch or build " + origin + " anew");
    }
}
