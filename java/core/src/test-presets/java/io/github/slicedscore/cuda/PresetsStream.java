package io.github.slicedscore.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaFreeHost;
import static org.bytedeco.cuda.global.cudart.cudaGetErrorString;
import static org.bytedeco.cuda.global.cudart.cudaMalloc;
import static org.bytedeco.cuda.global.cudart.cudaMallocHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemsetAsync;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;

/** A stream of the JavaCPP CUDA presets, arrays of theirs that go with it, and copies that are queued on it. */
final class PresetsStream implements AutoCloseable {
    final CUstream_st handle = new CUstream_st();
    private final Deque<FloatPointer> deviceArrays = new ArrayDeque<>();
    private final Deque<FloatPointer> pinnedArrays = new ArrayDeque<>();

    /** One that not even the default stream orders with other work. */
    PresetsStream() {
        check(cudaStreamCreateWithFlags(handle, cudaStreamNonBlocking));
    }

    FloatPointer deviceArray(int length) {
        FloatPointer array = new FloatPointer();
        check(cudaMalloc(array, 4L * length));
        deviceArrays.push(array);
        return array;
    }

    /** Host memory that is copied from and to later, not when the copy is queued; all zero. */
    FloatPointer pinnedArray(int length) {
        FloatPointer array = new FloatPointer();
        check(cudaMallocHost(array, 4L * length));
        pinnedArrays.push(array);
        return array.put(new float[length]);
    }

    /** Queues a copy of rows to a fresh device array, which until then holds NaN. */
    FloatPointer send(float[] rows) {
        FloatPointer array = deviceArray(rows.length);
        check(cudaMemcpyAsync(
                array, pinnedArray(rows.length).put(rows), 4L * rows.length, cudaMemcpyHostToDevice, handle));
        return array;
    }

    /** Queues a copy of a device array to pinned memory. */
    FloatPointer fetch(FloatPointer array, int length) {
        FloatPointer copy = pinnedArray(length);
        check(cudaMemcpyAsync(copy, array, 4L * length, cudaMemcpyDeviceToHost, handle));
        return copy;
    }

    /** Queues that a device array becomes NaN. */
    void spoil(FloatPointer array, int length) {
        check(cudaMemsetAsync(array, 0xff, 4L * length, handle));
    }

    void synchronize() {
        check(cudaStreamSynchronize(handle));
    }

    static float[] floats(FloatPointer pinned, int length) {
        float[] values = new float[length];
        pinned.get(values);
        return values;
    }

    static void check(int status) {
        assertThat(status)
                .as(() -> "CUDA: " + cudaGetErrorString(status).getString())
                .isZero();
    }

    @Override
    public void close() {
        synchronize();
        check(cudaStreamDestroy(handle));
        deviceArrays.forEach(array -> check(cudaFree(array)));
        pinnedArrays.forEach(array -> check(cudaFreeHost(array)));
    }
}
