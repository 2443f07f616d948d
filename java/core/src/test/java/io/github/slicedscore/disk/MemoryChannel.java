package io.github.slicedscore.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel to a file, or to a directory that is to be forced, of a disk in memory. */
final class MemoryChannel extends FileChannel {
    private final Disk disk;
    private final int node;
    private int position;
    private boolean locked;

    MemoryChannel(Disk disk, int node) {
        this.disk = disk;
        this.node = node;
    }

    private byte[] bytes() {
        return disk.state().files.get(node);
    }

    @Override
    public int read(ByteBuffer target) {
        int count = Math.min(target.remaining(), bytes().length - position);
        if (count <= 0) {
            return target.hasRemaining() ? -1 : 0;
        }
        target.put(bytes(), position, count);
        position += count;
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = write(source, position);
        position += count;
        return count;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        byte[] some = new byte[disk.take(source.remaining())];
        source.get(some);
        disk.perform(new Operation.Write(node, (int) at, some));
        return some.length;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long at) {
        position = (int) at;
        return this;
    }

    @Override
    public long size() {
        return bytes().length;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        disk.perform(new Operation.Force(node));
    }

    @Override
    public FileLock tryLock(long from, long length, boolean shared) throws IOException {
        if (!disk.lock(node)) {
            return null;
        }
        locked = true;
        return new FileLock(this, from, length, shared) {
            @Override
            public boolean isValid() {
                return isOpen();
            }

            @Override
            public void release() throws IOException {
                close();
            }
        };
    }

    @Override
    protected void implCloseChannel() {
        if (locked) {
            disk.unlock(node);
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target, long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long from, long length, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
