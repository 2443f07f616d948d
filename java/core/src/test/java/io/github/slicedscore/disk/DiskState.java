package io.github.slicedscore.disk;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What is on a disk: names of each directory, and bytes of each file. */
final class DiskState {
    static final int ROOT = 0;

    final Map<Integer, Map<String, Integer>> directories = new HashMap<>();
    final Map<Integer, byte[]> files = new HashMap<>();

    DiskState() {
        directories.put(ROOT, new TreeMap<>());
    }

    /** Does one thing; names of directories that are not there are ignored. */
    void apply(Operation operation) {
        if (operation instanceof Operation.Link link) {
            names(link.directory()).put(link.name(), link.node());
            if (link.isDirectory()) {
                names(link.node());
            } else {
                bytes(link.node());
            }
        } else if (operation instanceof Operation.Unlink unlink) {
            names(unlink.directory()).remove(unlink.name());
        } else if (operation instanceof Operation.Rename rename) {
            names(rename.directory()).remove(rename.from());
            names(rename.directory()).put(rename.to(), rename.node());
            bytes(rename.node());
        } else if (operation instanceof Operation.Write write) {
            int end = write.position() + write.bytes().length;
            byte[] old = bytes(write.file());
            byte[] bytes = Arrays.copyOf(old, Math.max(old.length, end));
            System.arraycopy(write.bytes(), 0, bytes, write.position(), write.bytes().length);
            files.put(write.file(), bytes);
        } else if (operation instanceof Operation.Truncate truncate) {
            files.put(truncate.file(), new byte[0]);
        }
    }

    private Map<String, Integer> names(int directory) {
        return directories.computeIfAbsent(directory, any -> new TreeMap<>());
    }

    private byte[] bytes(int file) {
        return files.computeIfAbsent(file, any -> new byte[0]);
    }
}
