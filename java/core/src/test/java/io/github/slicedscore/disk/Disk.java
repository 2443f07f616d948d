package io.github.slicedscore.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk in memory that remembers all that is done to it, and tells what a crash may leave: what was forced stays; of names that
 * were not, any may be lost and any be there; of bytes that were not, all may be lost, or half, or be zeros. It can be full, fail, be
 * read-only, or have no locks.
 */
public final class Disk {
    private final DiskState state;
    private final List<Operation> log = new ArrayList<>();
    private final MemoryFileSystem fileSystem = new MemoryFileSystem(this);
    private final Set<Integer> locked = new HashSet<>();
    private int nodes = 1;
    private long space = Long.MAX_VALUE;
    private long failAt = -1;
    private boolean readOnly;
    private boolean locks = true;

    /** An empty disk. */
    public Disk() {
        this(new DiskState());
    }

    private Disk(DiskState state) {
        this.state = state;
        state.directories.keySet().forEach(node -> nodes = Math.max(nodes, node + 1));
        state.files.keySet().forEach(node -> nodes = Math.max(nodes, node + 1));
    }

    /** A path on it. */
    public Path path(String first, String... more) {
        return fileSystem.getPath(first, more);
    }

    /** So many bytes can still be written. */
    public Disk withSpace(long bytes) {
        space = bytes;
        return this;
    }

    /** The operation of that number, from now on and from 0, fails. */
    public Disk failingAt(long operation) {
        failAt = log.size() + operation;
        return this;
    }

    /** Whether nothing can be written. */
    public void setReadOnly(boolean now) {
        readOnly = now;
    }

    /** No file can be locked. */
    public Disk withoutLocks() {
        locks = false;
        return this;
    }

    /** Whether what was to fail has failed. */
    public boolean hasFailed() {
        return failAt >= 0 && log.size() > failAt;
    }

    /** Operations so far. */
    public int operations() {
        return log.size();
    }

    /** A copy as it is now, in order, with an empty memory. */
    public Disk copy() {
        DiskState copy = new DiskState();
        state.directories.forEach((node, names) -> copy.directories.put(node, new TreeMap<>(names)));
        copy.files.putAll(state.files);
        return new Disk(copy);
    }

    /** All that can be seen on it: the bytes of each file, as characters, by its path, and none for directories. */
    public Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        collect("", DiskState.ROOT, contents);
        return contents;
    }

    private void collect(String path, int node, Map<String, String> contents) {
        contents.put(path, new String(state.files.getOrDefault(node, new byte[0]), StandardCharsets.ISO_8859_1));
        state.directories
                .getOrDefault(node, Map.of())
                .forEach((name, child) -> collect(path + "/" + name, child, contents));
    }

    DiskState state() {
        return state;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    int newNode() {
        return nodes++;
    }

    void perform(Operation operation) throws IOException {
        if (log.size() == failAt) {
            // Once, and counted, so that what mends it does not fail, too.
            log.add(new Operation.Force(-1));
            throw new IOException("Input/output error");
        }
        if (readOnly && !(operation instanceof Operation.Force)) {
            throw new AccessDeniedException("read-only");
        }
        log.add(operation);
        state.apply(operation);
    }

    /** Takes space for so many bytes, or less. */
    int take(int bytes) throws IOException {
        int granted = (int) Math.min(bytes, space);
        if (bytes > 0 && granted == 0) {
            throw new IOException("No space left on device");
        }
        space -= granted;
        return granted;
    }

    /** Whether a lock could be had. */
    boolean lock(int node) throws IOException {
        if (!locks) {
            throw new IOException("No locks available");
        }
        return locked.add(node);
    }

    void unlock(int node) {
        locked.remove(node);
    }

    private enum Unforced {
        LOST,
        HALF,
        ZEROS,
        WRITTEN
    }

    /** All that a crash after so many operations may leave. */
    public List<Disk> afterCrash(int operations) {
        List<Integer> names = new ArrayList<>();
        List<Integer> bytes = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            if (!isForced(i, operations)) {
                (node(log.get(i)) < 0 ? names : bytes).add(i);
            }
        }
        List<Disk> disks = new ArrayList<>();
        for (Unforced unforced : bytes.isEmpty() ? new Unforced[] {Unforced.WRITTEN} : Unforced.values()) {
            for (int kept = 0; kept < 1 << names.size(); kept++) {
                DiskState left = new DiskState();
                for (int i = 0; i < operations; i++) {
                    int name = names.indexOf(i);
                    int part = bytes.indexOf(i);
                    if (part >= 0) {
                        applyUnforced(left, log.get(i), unforced, part, bytes.size());
                    } else if (name < 0 || (kept >> name & 1) == 1) {
                        left.apply(log.get(i));
                    }
                }
                disks.add(new Disk(left));
            }
        }
        return disks;
    }

    private static void applyUnforced(DiskState left, Operation operation, Unforced unforced, int part, int parts) {
        boolean write = operation instanceof Operation.Write;
        switch (unforced) {
            case LOST -> {}
            case HALF -> {
                if (2 * part + 1 < parts || !write) {
                    left.apply(operation);
                } else if (2 * part + 1 == parts || 2 * part == parts) {
                    Operation.Write whole = (Operation.Write) operation;
                    left.apply(new Operation.Write(
                            whole.file(), whole.position(), Arrays.copyOf(whole.bytes(), whole.bytes().length / 2)));
                }
            }
            case ZEROS ->
                left.apply(
                        operation instanceof Operation.Write whole
                                ? new Operation.Write(whole.file(), whole.position(), new byte[whole.bytes().length])
                                : operation);
            case WRITTEN -> left.apply(operation);
        }
    }

    /** The file whose bytes an operation changes; -1 if it changes names. */
    private static int node(Operation operation) {
        if (operation instanceof Operation.Write write) {
            return write.file();
        }
        return operation instanceof Operation.Truncate truncate ? truncate.file() : -1;
    }

    private boolean isForced(int index, int end) {
        Operation operation = log.get(index);
        int forced = node(operation);
        if (operation instanceof Operation.Force) {
            return true;
        } else if (operation instanceof Operation.Link link) {
            forced = link.directory();
        } else if (operation instanceof Operation.Unlink unlink) {
            forced = unlink.directory();
        } else if (operation instanceof Operation.Rename rename) {
            forced = rename.directory();
        }
        Operation wanted = new Operation.Force(forced);
        return log.subList(index, end).contains(wanted);
    }
}
