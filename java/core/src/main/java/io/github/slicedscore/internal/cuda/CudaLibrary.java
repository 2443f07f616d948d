package io.github.slicedscore.internal.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.ByPtrPtr;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.MemberGetter;
import org.bytedeco.javacpp.annotation.MemberSetter;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Opaque;
import org.bytedeco.javacpp.annotation.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The functions, structs and constants of native/include/slicedscore.h, by their C names; the header says what each does.
 *
 * <p>Arrays on the host are Java arrays, copied into the call and, unless they are {@link Const}, back out of it. Addresses
 * on a device and streams are numbers, 0 for null, so that no call makes an object.
 *
 * <p>Nothing here loads the library: {@link CudaLoader#load} comes first.
 */
@Platform(value = "linux-x86_64", include = "slicedscore.h", link = "slicedscore", extension = NativeFiles.EXTENSION)
@NoException
final class CudaLibrary {
    /** SS_ABI_VERSION of the header that this class was written for. */
    static final int ABI_VERSION = 4;

    static final int SS_OK = 0;
    static final int SS_INVALID_ARGUMENT = 1;
    static final int SS_OUT_OF_MEMORY = 2;
    static final int SS_NO_DRIVER = 3;
    static final int SS_DRIVER_TOO_OLD = 4;
    static final int SS_NO_DEVICE = 5;
    static final int SS_NO_KERNEL = 6;
    static final int SS_CUDA_ERROR = 7;
    static final int SS_CUDA_FATAL = 8;
    static final int SS_INTERNAL = 9;

    static final int SS_SCORE = 0;
    static final int SS_ENERGY = 1;

    static final int SS_SSM = 0;
    static final int SS_SSM_VR = 1;
    static final int SS_EXACT = 2;
    static final int SS_DSM = 3;

    static final int SS_RESIDENCE_AUTO = 0;
    static final int SS_RESIDENCE_DEVICE = 1;
    static final int SS_RESIDENCE_HOST = 2;

    static final int SS_FP32 = 0;
    static final int SS_TF32 = 1;
    static final int SS_BF16 = 2;

    static final int SS_KERNELS_AUTO = 0;
    static final int SS_KERNELS_LAYERED = 1;
    static final int SS_KERNELS_FUSED = 2;

    static final int SS_MAX_LAYERS = 16;

    private CudaLibrary() {}

    // ---- Structs; that they could allocate themselves makes JavaCPP know their sizes ----

    /** struct ss_network, all zero but struct_size. */
    @Name("ss_network")
    static final class Network extends Pointer {
        Network() {
            super(zeros(Loader.sizeof(Network.class)));
            struct_size(Loader.sizeof(Network.class));
        }

        private native void allocate();

        @MemberSetter
        private native void struct_size(int size);

        @MemberSetter
        native void kind(int kind);

        @MemberSetter
        native void dimension(int dimension);

        @MemberSetter
        native void conditions(int conditions);

        @MemberSetter
        native void layers(int layers);

        @MemberSetter
        native void activation(int code);

        @MemberSetter
        native void widths(int layer, @Cast("int64_t") long width);

        @MemberSetter
        native void base_precision(double precision);
    }

    /** struct ss_training, all zero but struct_size. */
    @Name("ss_training")
    static final class Training extends Pointer {
        Training() {
            super(zeros(Loader.sizeof(Training.class)));
            struct_size(Loader.sizeof(Training.class));
        }

        private native void allocate();

        @MemberSetter
        private native void struct_size(int size);

        @MemberSetter
        native void objective(int objective);

        @MemberSetter
        native void slices(int count);

        @MemberSetter
        native void projection(int projection);

        @MemberSetter
        native void batch(@Cast("int64_t") long rows);

        @MemberSetter
        native void seed(@Cast("uint64_t") long seed);

        @MemberSetter
        native void beta1(double beta1);

        @MemberSetter
        native void beta2(double beta2);

        @MemberSetter
        native void epsilon(double epsilon);

        @MemberSetter
        native void weight_decay(double decay);

        @MemberSetter
        native void clip_norm(double norm);

        @MemberSetter
        native void average_decay(double decay);

        @MemberSetter
        native void noise(double deviation);

        @MemberSetter
        native void sigma(double sigma);

        @MemberSetter
        native void residence(int residence);

        @MemberSetter
        native void precision(int precision);

        @MemberSetter
        native void kernels(int kernels);
    }

    /** An array of struct ss_step_result. It is read as a buffer: a native call for each number takes longer than a short step. */
    @Name("ss_step_result")
    static final class StepResults extends Pointer {
        private final ByteBuffer bytes;
        private final int size = Loader.sizeof(StepResults.class);
        private final int step = Loader.offsetof(StepResults.class, "step");
        private final int loss = Loader.offsetof(StepResults.class, "loss");
        private final int gradientNorm = Loader.offsetof(StepResults.class, "gradient_norm");

        StepResults(int count) {
            this(zeros(count * Loader.sizeof(StepResults.class)));
        }

        private StepResults(ByteBuffer bytes) {
            super(bytes);
            this.bytes = bytes;
        }

        private native void allocate();

        long step(int index) {
            return bytes.getLong(index * size + step);
        }

        double loss(int index) {
            return bytes.getDouble(index * size + loss);
        }

        double gradientNorm(int index) {
            return bytes.getDouble(index * size + gradientNorm);
        }

        // These tell JavaCPP which members there are, and so where they lie.

        @MemberGetter
        native @Cast("int64_t") long step();

        @MemberGetter
        native double loss();

        @MemberGetter
        native double gradient_norm();
    }

    /**
     * Memory for structs. A buffer's, because JavaCPP counts what its own pointers allocate and refuses more when the process
     * looks too large to it, which the rows of a training may well make it.
     */
    private static ByteBuffer zeros(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    // ---- Handles ----

    /** An ss_objective. */
    @Name("ss_objective")
    @Opaque
    static final class ObjectiveHandle extends Pointer {}

    /** An ss_run. */
    @Name("ss_run")
    @Opaque
    static final class RunHandle extends Pointer {}

    /** An ss_scorer. */
    @Name("ss_scorer")
    @Opaque
    static final class ScorerHandle extends Pointer {}

    // ---- The library and its devices ----

    static native int ss_abi_version();

    static native int ss_is_emulated();

    static native String ss_last_error();

    static native int ss_device_count(int[] count);

    static native int ss_device_name(int device, @Cast("char*") byte[] name, long capacity);

    static native int ss_device_check(int device);

    static native int ss_device_arithmetic(int device, int precision, @Cast("char*") byte[] name, long capacity);

    static native int ss_live_handles(@Cast("int64_t*") long[] handles);

    static native int ss_live_bytes(@Cast("int64_t*") long[] bytes);

    static native int ss_memory(int device, @Cast("int64_t*") long[] freeBytes, @Cast("int64_t*") long[] totalBytes);

    // ---- Objectives ----

    static native int ss_objective_open(
            int device,
            @Const Network network,
            @Const Training training,
            long maxRows,
            @ByPtrPtr ObjectiveHandle objective);

    static native int ss_objective_evaluate(
            ObjectiveHandle objective,
            @Const float[] parameters,
            @Const float[] inputs,
            @Const float @Nullable [] slices,
            long rows,
            double[] losses,
            float @Nullable [] gradient);

    static native int ss_objective_close(ObjectiveHandle objective);

    // ---- Training ----

    static native int ss_run_open(
            int device,
            @Const Network network,
            @Const Training training,
            @Const float[] rows,
            long count,
            @Const float[] halfWidths,
            @ByPtrPtr RunHandle run);

    static native int ss_run_close(RunHandle run);

    static native int ss_run_kernels(RunHandle run, int[] kernels);

    static native int ss_run_resident(RunHandle run, int[] resident);

    static native int ss_run_set_state(
            RunHandle run,
            long step,
            @Const float[] parameters,
            @Const float[] first,
            @Const float[] second,
            @Const float[] average);

    static native int ss_run_get_state(
            RunHandle run,
            @Cast("int64_t*") long @Nullable [] step,
            float @Nullable [] parameters,
            float @Nullable [] first,
            float @Nullable [] second,
            float @Nullable [] average);

    static native int ss_run_step(
            RunHandle run, long count, @Const double[] rates, StepResults results, @Cast("int64_t*") long[] done);

    static native int ss_run_step_batch(
            RunHandle run,
            @Cast("void*") long stream,
            @Cast("const float*") long inputs,
            double rate,
            StepResults result);

    static native int ss_run_gradient(RunHandle run, long from, long to, float[] sum, double[] lossSum);

    static native int ss_run_apply(
            RunHandle run, @Const float[] sum, double lossSum, long rows, double rate, StepResults result);

    // ---- Inference ----

    static native int ss_scorer_open(
            int device,
            @Const Network network,
            int precision,
            int kernels,
            @Const float[] parameters,
            long maxRows,
            @Const double @Nullable [] shift,
            @Const double @Nullable [] scale,
            @ByPtrPtr ScorerHandle scorer);

    static native int ss_scorer_evaluate(
            ScorerHandle scorer,
            @Const float[] inputs,
            long rows,
            float @Nullable [] values,
            float @Nullable [] scores);

    static native int ss_scorer_jvp(
            ScorerHandle scorer, @Const float[] inputs, @Const float[] directions, long rows, float[] products);

    static native int ss_scorer_evaluate_queued(
            ScorerHandle scorer,
            @Cast("void*") long stream,
            @Cast("const float*") long inputs,
            long rows,
            @Cast("float*") long values,
            @Cast("float*") long scores);

    static native int ss_scorer_jvp_queued(
            ScorerHandle scorer,
            @Cast("void*") long stream,
            @Cast("const float*") long inputs,
            @Cast("const float*") long directions,
            long rows,
            @Cast("float*") long products);

    static native int ss_scorer_langevin(
            ScorerHandle scorer,
            float[] chains,
            long count,
            @Const double[] sizes,
            long steps,
            @Cast("uint64_t") long seed,
            long first);

    static native int ss_scorer_close(ScorerHandle scorer);
}
