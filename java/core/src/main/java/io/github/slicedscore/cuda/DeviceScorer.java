package io.github.slicedscore.cuda;

import io.github.slicedscore.backend.Scorer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A network opened for inference on a device.
 *
 * <p>The methods that take pointers queue their work: after what the stream holds so far, before what it gets later. They
 * return at once; the arrays must stay until the stream has got so far. Arrays are of floats, row-major, on the scorer's
 * device, and a pointer's position counts. Where a pointer has a limit, it must cover the rows.
 *
 * <p>Without a stream, what the arrays hold must be complete: work of other streams is not waited for, unless they wait for
 * the legacy default stream themselves. A stream that is being captured into a graph is refused.
 *
 * <p>If CUDA fails for good, the methods that take arrays of Java go on with the processor, in single precision whatever the
 * backend's was; those that take pointers can't.
 */
public interface DeviceScorer extends Scorer {
    /**
     * Log-density and score of rows on the device.
     *
     * @param stream a cudaStream_t, or null for the legacy default stream
     * @param inputs rows [x, c], [rows, D + C]
     * @param rows how many, at least 1
     * @param values where f(x) goes, [rows], or null; energies only
     * @param scores where s(x) goes, [rows, D], or null
     * @throws IllegalArgumentException if an array is too short, values are asked of a score network, or the stream is being
     *     captured
     */
    void evaluate(
            @Nullable Pointer stream, Pointer inputs, long rows, @Nullable Pointer values, @Nullable Pointer scores);

    /**
     * Jacobian-vector products of rows on the device.
     *
     * @param stream a cudaStream_t, or null for the legacy default stream
     * @param inputs rows [x, c], [rows, D + C]
     * @param directions v, [rows, D]
     * @param rows how many, at least 1
     * @param products where J v goes, [rows, D]
     * @throws IllegalArgumentException if an array is too short, or the stream is being captured
     */
    void jvp(@Nullable Pointer stream, Pointer inputs, Pointer directions, long rows, Pointer products);
}
