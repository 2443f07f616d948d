package io.github.slicedscore.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link java.nio.file.Files} asks of a disk in memory, as far as the library does. */
final class MemoryProvider extends FileSystemProvider {
    private final Disk disk;

    MemoryProvider(Disk disk) {
        this.disk = disk;
    }

    /** The number of a file or directory; -1 if it is not there. */
    private int find(Path path) {
        int node = DiskState.ROOT;
        for (String name : ((MemoryPath) path).names()) {
            Map<String, Integer> names = disk.state().directories.get(node);
            if (names == null || !names.containsKey(name)) {
                return -1;
            }
            node = names.get(name);
        }
        return node;
    }

    private int require(Path path) throws NoSuchFileException {
        int node = find(path);
        if (node < 0) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private int parent(Path path) throws NoSuchFileException {
        return require(path.toAbsolutePath().getParent());
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        int node = find(path);
        if (node >= 0 && options.contains(StandardOpenOption.CREATE_NEW)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        boolean create = options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
        if (node < 0 && create) {
            node = disk.newNode();
            disk.perform(new Operation.Link(parent(path), name(path), node, false));
        } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            disk.perform(new Operation.Truncate(node));
        }
        return new MemoryChannel(disk, require(path));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> found = new ArrayList<>();
        for (String name : disk.state().directories.get(require(directory)).keySet()) {
            Path path = directory.resolve(name);
            if (filter.accept(path)) {
                found.add(path);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        if (find(directory) >= 0) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        disk.perform(new Operation.Link(parent(directory), name(directory), disk.newNode(), true));
    }

    @Override
    public void delete(Path path) throws IOException {
        Map<String, Integer> names = disk.state().directories.get(require(path));
        if (names != null && !names.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        disk.perform(new Operation.Unlink(parent(path), name(path)));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        if (parent(source) != parent(target)) {
            throw new UnsupportedOperationException("from one directory to another");
        }
        disk.perform(new Operation.Rename(parent(source), name(source), name(target), require(source)));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return require(path) == require(other);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        require(path);
        if (disk.isReadOnly() && List.of(modes).contains(AccessMode.WRITE)) {
            throw new AccessDeniedException(path.toString());
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        int node = require(path);
        byte[] bytes = disk.state().files.get(node);
        return type.cast(new Attributes(node, bytes == null, bytes == null ? 0 : bytes.length));
    }

    private record Attributes(Integer fileKey, boolean isDirectory, long size) implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public FileTime lastAccessTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public FileTime creationTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public boolean isRegularFile() {
            return !isDirectory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }
    }

    @Override
    public String getScheme() {
        return "memory";
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
