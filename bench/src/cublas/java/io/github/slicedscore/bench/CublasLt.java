package io.github.slicedscore.bench;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSA;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSB;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F;
import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F_FAST_TF32;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.cublasLtCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtDestroy;
import static org.bytedeco.cuda.global.cublas.cublasLtGetStatusName;
import static org.bytedeco.cuda.global.cublas.cublasLtGetVersion;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmul;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulAlgoGetHeuristic;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulDescCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulDescDestroy;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulDescSetAttribute;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulPreferenceCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulPreferenceDestroy;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulPreferenceSetAttribute;
import static org.bytedeco.cuda.global.cublas.cublasLtMatrixLayoutCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtMatrixLayoutDestroy;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16BF;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;
import static org.bytedeco.cuda.global.cudart.cudaEventCreate;
import static org.bytedeco.cuda.global.cudart.cudaEventDestroy;
import static org.bytedeco.cuda.global.cudart.cudaEventElapsedTime;
import static org.bytedeco.cuda.global.cudart.cudaEventRecord;
import static org.bytedeco.cuda.global.cudart.cudaEventSynchronize;
import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaGetErrorString;
import static org.bytedeco.cuda.global.cudart.cudaMalloc;
import static org.bytedeco.cuda.global.cudart.cudaMemcpy;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDefault;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * NVIDIA's library of matrix products on device 0, through the JavaCPP presets. It keeps two factors of random numbers on the
 * device, and before a product is timed some of its elements are compared with sums on the host.
 */
final class CublasLt implements AutoCloseable {
    /** What products are computed with. */
    enum Precision {
        /** Single precision throughout. */
        FP32(CUDA_R_32F, CUBLAS_COMPUTE_32F, 1e-4),
        /** Factors rounded to 10 bits of fraction by the multiplying units. */
        TF32(CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32, 5e-3),
        /** Factors with 7 bits of fraction. */
        BF16(CUDA_R_16BF, CUBLAS_COMPUTE_32F, 5e-3);

        private final int factors;
        private final int compute;
        /** Of an element, by the root of its sum's length. */
        private final double tolerance;

        Precision(int factors, int compute, double tolerance) {
            this.factors = factors;
            this.compute = compute;
            this.tolerance = tolerance;
        }

        private int bytes() {
            return this == BF16 ? Short.BYTES : Float.BYTES;
        }
    }

    static {
        Loader.load(cublas.class); // before the first pointer
    }

    private static final long WORKSPACE = 64L << 20;
    private static final int ALGORITHMS = 8;
    private static final int REPEATS = 5;
    /** Of products that are timed together. */
    private static final double MICROSECONDS = 5000;
    /** Random numbers, repeated over the factors; a prime, so that no two rows are alike. */
    private static final int NUMBERS = 1_000_003;
    /** The right factor's are those behind these. */
    private static final int SHIFT = 500_009;

    /** What bf16 holds, so that all precisions have the same factors. */
    private final float[] numbers = new float[NUMBERS];

    /** The numbers twice, so that as many lie side by side from any of them on. */
    private final DeviceArray floats;

    private final DeviceArray halves;

    private final cublasLtContext handle = new cublasLtContext();
    private final CUevent_st start = new CUevent_st();
    private final CUevent_st end = new CUevent_st();
    private final CUstream_st stream = new CUstream_st((Pointer) null);
    private final Pointer workspace = new Pointer();
    private final FloatPointer one = new FloatPointer(1f);
    private final FloatPointer zero = new FloatPointer(0f);

    CublasLt() {
        check(cublasLtCreate(handle), "cublasLtCreate");
        checkCuda(cudaEventCreate(start), "cudaEventCreate");
        checkCuda(cudaEventCreate(end), "cudaEventCreate");
        checkCuda(cudaMalloc(workspace, WORKSPACE), "cudaMalloc");
        SplittableRandom random = new SplittableRandom(1);
        float[] single = new float[2 * NUMBERS];
        short[] half = new short[2 * NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            half[i] = (short) (Float.floatToRawIntBits((float) random.nextDouble(-1, 1)) >>> 16);
            numbers[i] = Float.intBitsToFloat(half[i] << 16);
            half[NUMBERS + i] = half[i];
            single[i] = numbers[i];
            single[NUMBERS + i] = numbers[i];
        }
        try (FloatPointer host = new FloatPointer(single)) {
            floats = onDevice(host, (long) single.length * Float.BYTES);
        }
        try (ShortPointer host = new ShortPointer(half)) {
            halves = onDevice(host, (long) half.length * Short.BYTES);
        }
    }

    String description() {
        return "cuBLASLt " + cublasLtGetVersion();
    }

    /**
     * Median time of a product with the fastest algorithm.
     *
     * @throws IllegalStateException if the library cannot do it, or does it wrongly
     */
    double microseconds(Product product, Precision precision) {
        try (DeviceArray left = factor(product.left().elements(), 0, precision);
                DeviceArray right = factor(product.right().elements(), SHIFT, precision);
                DeviceArray result = new DeviceArray(product.result().elements() * Float.BYTES);
                Plan plan = new Plan(product, precision)) {
            Runnable quickest = null;
            double shortest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < plan.found; i++) {
                cublasLtMatmulAlgo_t algorithm = plan.results.getPointer(i).algo();
                Runnable work = () -> plan.multiply(left, right, result, algorithm);
                time(work, 1);
                requireRight(product, precision, result);
                double trial = time(work, 4);
                if (quickest == null || trial < shortest) {
                    quickest = work;
                    shortest = trial;
                }
            }
            if (quickest == null) {
                throw new IllegalStateException("cuBLASLt has no algorithm for " + product + " in " + precision);
            }
            return median(quickest, (int) Math.max(1, Math.min(1000, MICROSECONDS / shortest)));
        }
    }

    private double median(Runnable work, int count) {
        double[] times = new double[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            times[i] = time(work, count);
        }
        Arrays.sort(times);
        return times[REPEATS / 2];
    }

    /** Microseconds of one of so many. */
    private double time(Runnable work, int count) {
        checkCuda(cudaEventRecord(start, stream), "cudaEventRecord");
        for (int i = 0; i < count; i++) {
            work.run();
        }
        checkCuda(cudaEventRecord(end, stream), "cudaEventRecord");
        checkCuda(cudaEventSynchronize(end), "cudaEventSynchronize");
        float[] milliseconds = new float[1];
        checkCuda(cudaEventElapsedTime(milliseconds, start, end), "cudaEventElapsedTime");
        return 1000.0 * milliseconds[0] / count;
    }

    private void requireRight(Product product, Precision precision, DeviceArray result) {
        Product.Matrix shape = product.result();
        SplittableRandom random = new SplittableRandom(2);
        for (int trial = 0; trial < 4; trial++) {
            int row = random.nextInt(shape.rows());
            int column = random.nextInt(shape.columns());
            double expected = 0;
            for (int k = 0; k < product.depth(); k++) {
                expected += (double) number(product.left().offset(row, k))
                        * number(SHIFT + product.right().offset(k, column));
            }
            float found = result.get(shape.offset(row, column));
            if (!(Math.abs(found - expected) <= precision.tolerance * Math.sqrt(product.depth()))) {
                throw new IllegalStateException(product + " in " + precision + ": element (" + row + ", " + column
                        + ") is " + found + ", not " + expected);
            }
        }
    }

    private float number(long index) {
        return numbers[(int) (index % NUMBERS)];
    }

    /** So many numbers, from the one of an index on. */
    private DeviceArray factor(long elements, int from, Precision precision) {
        DeviceArray source = precision == Precision.BF16 ? halves : floats;
        DeviceArray array = new DeviceArray(elements * precision.bytes());
        for (long done = 0; done < elements; done += NUMBERS) {
            long count = Math.min(NUMBERS, elements - done);
            checkCuda(
                    cudaMemcpy(
                            array.at(done * precision.bytes()),
                            source.at((long) from * precision.bytes()),
                            count * precision.bytes(),
                            cudaMemcpyDefault),
                    "cudaMemcpy");
        }
        return array;
    }

    private DeviceArray onDevice(Pointer host, long bytes) {
        DeviceArray array = new DeviceArray(bytes);
        checkCuda(cudaMemcpy(array.pointer, host, bytes, cudaMemcpyDefault), "cudaMemcpy");
        return array;
    }

    @Override
    public void close() {
        cudaFree(workspace);
        floats.close();
        halves.close();
        cudaEventDestroy(start);
        cudaEventDestroy(end);
        cublasLtDestroy(handle);
    }

    /** What the library is told of a product, and the algorithms that it offers. */
    private final class Plan implements AutoCloseable {
        private final cublasLtMatmulDescOpaque_t description;
        private final cublasLtMatrixLayoutOpaque_t left;
        private final cublasLtMatrixLayoutOpaque_t right;
        private final cublasLtMatrixLayoutOpaque_t result;
        final cublasLtMatmulHeuristicResult_t results = new cublasLtMatmulHeuristicResult_t(ALGORITHMS);
        final int found;

        Plan(Product product, Precision precision) {
            PointerPointer<Pointer> made = new PointerPointer<>(1);
            check(cublasLtMatmulDescCreate(made, precision.compute, CUDA_R_32F), "cublasLtMatmulDescCreate");
            description = new cublasLtMatmulDescOpaque_t(made.get());
            transpose(CUBLASLT_MATMUL_DESC_TRANSA, product.left());
            transpose(CUBLASLT_MATMUL_DESC_TRANSB, product.right());
            left = layout(product.left(), precision.factors);
            right = layout(product.right(), precision.factors);
            result = layout(product.result(), CUDA_R_32F);
            check(cublasLtMatmulPreferenceCreate(made), "cublasLtMatmulPreferenceCreate");
            cublasLtMatmulPreferenceOpaque_t preference = new cublasLtMatmulPreferenceOpaque_t(made.get());
            check(
                    cublasLtMatmulPreferenceSetAttribute(
                            preference,
                            CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                            new SizeTPointer(1).put(WORKSPACE),
                            Long.BYTES),
                    "cublasLtMatmulPreferenceSetAttribute");
            int[] count = new int[1];
            check(
                    cublasLtMatmulAlgoGetHeuristic(
                            handle, description, left, right, result, result, preference, ALGORITHMS, results, count),
                    "cublasLtMatmulAlgoGetHeuristic");
            check(cublasLtMatmulPreferenceDestroy(preference), "cublasLtMatmulPreferenceDestroy");
            found = count[0];
        }

        private void transpose(int attribute, Product.Matrix matrix) {
            check(
                    cublasLtMatmulDescSetAttribute(
                            description,
                            attribute,
                            new IntPointer(1).put(matrix.transposed() ? CUBLAS_OP_T : CUBLAS_OP_N),
                            Integer.BYTES),
                    "cublasLtMatmulDescSetAttribute");
        }

        private cublasLtMatrixLayoutOpaque_t layout(Product.Matrix matrix, int type) {
            PointerPointer<Pointer> made = new PointerPointer<>(1);
            check(
                    cublasLtMatrixLayoutCreate(made, type, matrix.rows(), matrix.columns(), matrix.rows()),
                    "cublasLtMatrixLayoutCreate");
            return new cublasLtMatrixLayoutOpaque_t(made.get());
        }

        void multiply(DeviceArray first, DeviceArray second, DeviceArray into, cublasLtMatmulAlgo_t algorithm) {
            check(
                    cublasLtMatmul(
                            handle,
                            description,
                            one,
                            first.pointer,
                            left,
                            second.pointer,
                            right,
                            zero,
                            into.pointer,
                            result,
                            into.pointer,
                            result,
                            algorithm,
                            workspace,
                            WORKSPACE,
                            stream),
                    "cublasLtMatmul");
        }

        @Override
        public void close() {
            results.close();
            cublasLtMatrixLayoutDestroy(left);
            cublasLtMatrixLayoutDestroy(right);
            cublasLtMatrixLayoutDestroy(result);
            cublasLtMatmulDescDestroy(description);
        }
    }

    /** Memory of the device. */
    private static final class DeviceArray implements AutoCloseable {
        final Pointer pointer = new Pointer();

        DeviceArray(long bytes) {
            checkCuda(cudaMalloc(pointer, bytes), "cudaMalloc of " + bytes + " bytes");
        }

        Pointer at(long offset) {
            return new BytePointer(pointer).getPointer(offset);
        }

        float get(long index) {
            try (FloatPointer host = new FloatPointer(1)) {
                checkCuda(cudaMemcpy(host, at(index * Float.BYTES), Float.BYTES, cudaMemcpyDefault), "cudaMemcpy");
                return host.get();
            }
        }

        @Override
        public void close() {
            cudaFree(pointer);
        }
    }

    private static void check(int status, String call) {
        if (status != 0) {
            throw new IllegalStateException(
                    call + ": " + cublasLtGetStatusName(status).getString());
        }
    }

    private static void checkCuda(int error, String call) {
        if (error != 0) {
            throw new IllegalStateException(
                    call + ": " + cudaGetErrorString(error).getString());
        }
    }
}
